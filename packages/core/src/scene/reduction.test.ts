import { propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delivery } from '../../test/arbitraries.ts';
import { history, TREE_IDS } from '../../test/history.ts';
import { expectScene, plainObject, recompute, snapshots } from '../../test/scene-plain.ts';
import { type ObjectId, type Path, parsePath, ROOT } from '../ids.ts';
import type { Patch } from '../register/patch.ts';
import { RegisterStore } from '../register/register-store.ts';
import type { ChangeSet } from './change-set.ts';
import { Reduction } from './reduction.ts';
import type { Scene } from './scene.ts';
import type { SceneObject } from './scene-object.ts';

const PARENT = parsePath('node.parent');

function world() {
  const store = new RegisterStore();
  const reduction = new Reduction((id) => store.get(id));
  return {
    store,
    reduction,
    scene: reduction.scene,
    join: (patch: Patch) => reduction.apply(store.join(patch), 'matrix'),
  };
}

function expectAcyclic(scene: Scene): void {
  for (const id of scene.ids()) {
    const way = new Set<ObjectId>();
    for (let at = id; at !== ROOT; at = scene.get(at)?.parent ?? ROOT) {
      expect(way.has(at)).toBe(false);
      way.add(at);
    }
  }
}

/** What the change sets speak of: where an object hangs and what is written on it. */
function written(objects: ReadonlyMap<ObjectId, SceneObject>) {
  return new Map(
    [...objects].map(([id, object]) => [id, { parent: object.parent, values: new Map(object.entries()) }]),
  );
}

function applied(
  before: ReadonlyMap<ObjectId, SceneObject>,
  changes: ChangeSet,
  after: ReadonlyMap<ObjectId, SceneObject>,
) {
  const result = written(before);
  const later = written(after);
  for (const id of changes.removed) expect(result.delete(id)).toBe(true);
  for (const id of changes.added) {
    expect(result.has(id)).toBe(false);
    const object = later.get(id);
    if (object !== undefined) result.set(id, object);
  }
  for (const [id, paths] of changes.changed) {
    const object = result.get(id);
    const now = later.get(id);
    expect(paths.length).toBeGreaterThan(0);
    if (object === undefined || now === undefined) throw new Error(`${id} changed without being there`);
    for (const path of paths) {
      const value = now.values.get(path);
      if (value === undefined) object.values.delete(path);
      else object.values.set(path, value);
      if (path === PARENT) object.parent = now.parent;
    }
  }
  return { result, later };
}

describe('reduction', () => {
  it('[R1] equals recomputing from nothing after every step', () => {
    let cycles = 0;
    let pending = 0;
    fc.assert(
      fc.property(history, (patches) => {
        const { store, scene, join } = world();
        for (const patch of patches) {
          join(patch);
          const expected = recompute(store);
          expectScene(scene, expected);
          cycles += expected.problems.filter(({ reason }) => reason === 'cycle').length;
          pending += expected.problems.filter(({ reason }) => reason === 'pending').length;
        }
      }),
      propertySettings(400),
    );
    expect(cycles).toBeGreaterThan(100);
    expect(pending).toBeGreaterThan(100);
  });

  it('[R2] does not depend on the order of arrival, on duplicates or on batching', () => {
    fc.assert(
      fc.property(
        history.chain((patches) => fc.tuple(fc.constant(patches), delivery(patches))),
        ([patches, delivered]) => {
          const one = world();
          const other = world();
          for (const patch of patches) one.join(patch);
          for (const patch of delivered) other.join(patch);
          const all = new Map([...one.store.ids()].map((id) => [id, new Set(one.store.get(id)?.keys())]));
          const atOnce = new Reduction((id) => one.store.get(id));
          atOnce.apply(all, 'matrix');
          expectScene(other.scene, recompute(one.store));
          expectScene(atOnce.scene, recompute(one.store));
        },
      ),
      propertySettings(200),
    );
  });

  it('[R3] every read in between is a tree', () => {
    fc.assert(
      fc.property(history, (patches) => {
        const { scene, join } = world();
        for (const patch of patches) {
          join(patch);
          expectAcyclic(scene);
        }
      }),
      propertySettings(100),
    );
  });

  it('[R4] a change set applied to the earlier scene gives the later one, parents before children', () => {
    let listed = 0;
    fc.assert(
      fc.property(history, (patches) => {
        const { scene, join } = world();
        for (const patch of patches) {
          const before = snapshots(scene);
          const changes = join(patch);
          const { result, later } = applied(before, changes, snapshots(scene));
          expect(result).toEqual(later);
          const placed = new Set<ObjectId>(
            [...before.keys(), ROOT].filter((id) => !changes.removed.includes(id)),
          );
          for (const id of changes.added) {
            expect(placed.has(scene.get(id)?.parent ?? ROOT)).toBe(true);
            placed.add(id);
          }
          listed += changes.added.length + changes.removed.length + changes.changed.size;
        }
      }),
      propertySettings(300),
    );
    expect(listed).toBeGreaterThan(1000);
  });

  it('[R5] a snapshot never changes, and is the same instance until something of it changes', () => {
    let replaced = 0;
    fc.assert(
      fc.property(history, (patches) => {
        const { scene, join } = world();
        for (const patch of patches) {
          const before = snapshots(scene);
          const said = new Map([...before].map(([id, object]) => [id, plainObject(object)]));
          const { changed } = join(patch);
          for (const [id, object] of before) {
            expect(plainObject(object)).toEqual(said.get(id));
            expect(Object.isFrozen(object)).toBe(true);
            const now = scene.get(id);
            if (now === undefined) continue;
            const touched =
              wayUp(id, before).some((at) => changed.has(at)) || !sameList(now.children, object.children);
            if (!touched) expect(now).toBe(object);
            if (now !== object) replaced += 1;
          }
        }
      }),
      propertySettings(200),
    );
    expect(replaced).toBeGreaterThan(100);
  });

  it('[R6] the world matrix is that of a fresh reduction', () => {
    fc.assert(
      fc.property(history, (patches) => {
        const { store, scene, join } = world();
        for (const patch of patches) {
          join(patch);
          const fresh = new Reduction((id) => store.get(id));
          fresh.apply(new Map(TREE_IDS.map((id) => [id, new Set<Path>(store.get(id)?.keys())])), 'matrix');
          for (const id of scene.ids()) {
            expect(scene.worldMatrix(id)).toEqual(fresh.scene.worldMatrix(id));
            expect(scene.get(id)?.worldMatrix).toEqual(fresh.scene.worldMatrix(id));
          }
        }
      }),
      propertySettings(200),
    );
  });
});

/** An object and what it hangs from: where its snapshot's matrix comes from. */
function wayUp(id: ObjectId, objects: ReadonlyMap<ObjectId, SceneObject>): readonly ObjectId[] {
  const object = objects.get(id);
  return object === undefined ? [] : [id, ...wayUp(object.parent, objects)];
}

function sameList(a: readonly ObjectId[], b: readonly ObjectId[]): boolean {
  return a.length === b.length && a.every((id, at) => id === b[at]);
}
