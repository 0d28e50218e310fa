import { type EditDraft, type ObjectId, ROOT, WeftError } from '@weft/core';
import * as fc from 'fast-check';
import { PerspectiveCamera, Scene } from 'three';
import { expect, it } from 'vitest';
import { type TestScene, testScene } from '../test/scene-source.ts';
import { WorldView } from './world-view.ts';

type Step = (e: EditDraft, ids: ObjectId[]) => void;

const some = fc.nat({ max: 30 });
const coordinate = fc.integer({ min: -5, max: 5 });
const pick = (ids: readonly ObjectId[], at: number): ObjectId => ids[at % Math.max(1, ids.length)] ?? ROOT;

const add = some.map(
  (parent): Step =>
    (e, ids) =>
      void ids.push(e.add({ parent: pick(ids, parent), primitive: { shape: 'box' } })),
);
const move = fc.tuple(some, some).map(
  ([id, into]): Step =>
    (e, ids) =>
      e.move(pick(ids, id), { into: pick(ids, into) }),
);
const place = fc.tuple(some, coordinate).map(
  ([id, x]): Step =>
    (e, ids) =>
      e.set(pick(ids, id), { transform: { position: [x, 0, 0] } }),
);
const reshape = fc.tuple(some, fc.constantFrom('sphere', 'cone', null)).map(
  ([id, shape]): Step =>
    (e, ids) =>
      e.set(pick(ids, id), { primitive: shape === null ? null : { shape } }),
);
const remove = some.map(
  (id): Step =>
    (e, ids) =>
      e.remove(pick(ids, id)),
);
const restore = some.map(
  (id): Step =>
    (e, ids) =>
      e.set(pick(ids, id), { node: { deleted: null } }),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: add, weight: 5 },
  { arbitrary: move, weight: 3 },
  { arbitrary: place, weight: 2 },
  { arbitrary: reshape, weight: 2 },
  { arbitrary: remove, weight: 1 },
  { arbitrary: restore, weight: 2 },
);

function viewOf(world: TestScene): WorldView {
  const options = {
    scene: new Scene(),
    camera: new PerspectiveCamera(),
    loadAsset: () => new Promise<never>(() => {}),
  };
  return new WorldView(world.source, options).start();
}

/** What the view shows of each object: where it stands in the world, and what it looks like. */
function shown(view: WorldView, ids: readonly ObjectId[]) {
  view.update();
  const objects = ids.map((id) => {
    const node = view.nodeOf(id);
    return (
      node && [
        node.matrixWorld.elements,
        node.children.map(({ type }) => type).sort(),
        view.bounds(id)?.max.x,
      ]
    );
  });
  return { objects, resources: view.resources };
}

it('shows after any history what a view that starts now would show', () => {
  let shownObjects = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 8, maxLength: 60 }), (steps) => {
      const world = testScene();
      const followed = viewOf(world);
      const ids: ObjectId[] = [];
      for (const run of steps) {
        try {
          world.edit((e) => run(e, ids));
        } catch (error) {
          // A circle, or an object that is gone: such edits are refused, and the world stays as it is.
          if (!(error instanceof WeftError)) throw error;
        }
      }
      const fresh = viewOf(world);
      expect(shown(followed, ids)).toEqual(shown(fresh, ids));
      shownObjects += fresh.resources.objects;
      for (const view of [followed, fresh]) view.dispose();
      expect(followed.resources.objects + followed.resources.geometries + followed.resources.materials).toBe(
        0,
      );
    }),
  );
  expect(shownObjects).toBeGreaterThan(100);
});
