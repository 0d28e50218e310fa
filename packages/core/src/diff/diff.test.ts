import { propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACTOR_IDS } from '../../test/arbitraries.ts';
import { treePatch } from '../../test/history.ts';
import {
  diff,
  emptyPatch,
  entriesOf,
  isEmptyDiff,
  type ObjectId,
  type Patch,
  type Path,
  parseObjectId,
  parsePath,
  parseTime,
  patchOf,
  readScene,
  sceneHash,
  type Value,
  type WorldDiff,
} from '../index.ts';

const [actor] = ACTOR_IDS;
if (actor === undefined) throw new Error('no actor');
const RUNS = propertySettings(500);

type Values = Map<ObjectId, Map<Path, Value>>;

function valuesOf(patch: Patch): Values {
  const values: Values = new Map();
  for (const { id, path, register } of entriesOf(patch))
    if (register.value !== null) values.set(id, (values.get(id) ?? new Map()).set(path, register.value));
  return values;
}

function applied(values: Values, { changed }: WorldDiff): Values {
  for (const [id, paths] of changed) {
    const object = values.get(id) ?? new Map<Path, Value>();
    for (const [path, [before, after]] of paths) {
      expect(object.get(path) ?? null).toEqual(before);
      if (after === null) object.delete(path);
      else object.set(path, after);
    }
    if (object.size > 0) values.set(id, object);
    else values.delete(id);
  }
  return values;
}

const shown = (patch: Patch) => new Set(readScene(patch).ids());

/** The same values from other clocks, put together in another order. */
function rewritten(patch: Patch): Patch {
  return patchOf({
    registers: [...entriesOf(patch)].reverse().map(({ id, path, register: { value, stamp } }) => ({
      id,
      path,
      register: { value, stamp: { time: parseTime(stamp.time + 2048), actor: stamp.actor } },
    })),
  });
}

const plain = ({ added, removed, changed }: WorldDiff) => ({
  added,
  removed,
  changed: [...changed].map(([id, paths]) => [id, [...paths]]),
});

describe('diff', () => {
  it('[T1] its values after, put into the first side, give the second; before, the other way round', () => {
    fc.assert(
      fc.property(treePatch, treePatch, (a, b) => {
        expect(applied(valuesOf(a), diff(a, b))).toEqual(valuesOf(b));
        expect(applied(valuesOf(b), diff(b, a))).toEqual(valuesOf(a));
        const back = [...diff(b, a).changed].map(([id, paths]) => [
          id,
          [...paths].map(([path, [before, after]]) => [path, [after, before]]),
        ]);
        expect(plain(diff(a, b)).changed).toEqual(back);
      }),
      RUNS,
    );
  });

  it('[T1] what is visible before, without the removed and with the added, is what is visible after', () => {
    fc.assert(
      fc.property(treePatch, treePatch, (a, b) => {
        const { added, removed } = diff(a, b);
        expect(shown(a).difference(new Set(removed)).union(new Set(added))).toEqual(shown(b));
        expect(shown(a).intersection(new Set(added)).size).toBe(0);
        expect(removed.every((id) => shown(a).has(id))).toBe(true);
      }),
      RUNS,
    );
  });

  it('[T1] is empty between equal values, whoever wrote them when, and one list in one order', () => {
    fc.assert(
      fc.property(treePatch, treePatch, (a, b) => {
        expect(isEmptyDiff(diff(a, a))).toBe(true);
        expect(isEmptyDiff(diff(a, rewritten(a)))).toBe(true);
        expect(plain(diff(rewritten(a), rewritten(b)))).toEqual(plain(diff(a, b)));
      }),
      RUNS,
    );
  });

  it('tells a deletion with all that it hides, and one property of what stays', () => {
    const write = (time: number, id: string, path: string, value: Value) => ({
      id: parseObjectId(id),
      path: parsePath(path),
      register: { value, stamp: { time: parseTime(time), actor } },
    });
    const before = patchOf({
      registers: [
        write(1, 'table', 'node.name', 'Table'),
        write(1, 'cup', 'node.parent', 'table'),
        write(1, 'lamp', 'node.name', 'Lamp'),
      ],
    });
    const after = patchOf({
      registers: [
        ...entriesOf(before),
        write(2, 'table', 'node.deleted', true),
        write(2, 'lamp', 'node.name', 'Light'),
        write(2, 'bench', 'node.name', 'Bench'),
      ],
    });
    expect(plain(diff(before, after))).toEqual({
      added: ['bench'],
      removed: ['cup', 'table'],
      changed: [
        ['bench', [['node.name', [null, 'Bench']]]],
        ['lamp', [['node.name', ['Lamp', 'Light']]]],
        ['table', [['node.deleted', [null, true]]]],
      ],
    });
    expect(plain(diff({ toPatch: () => before }, emptyPatch)).removed).toEqual(['cup', 'lamp', 'table']);
  });
});

describe('sceneHash', () => {
  it('[T1] is equal for what shows the same, and differs where anything visible does', () => {
    fc.assert(
      fc.property(treePatch, treePatch, (a, b) => {
        const hash = (patch: Patch) => sceneHash(readScene(patch));
        expect(hash(a)).toMatch(/^[0-9a-f]{64}$/);
        expect(hash(rewritten(a))).toBe(hash(a));
        const same = JSON.stringify(linesOf(a)) === JSON.stringify(linesOf(b));
        expect(hash(a) === hash(b)).toBe(same);
      }),
      RUNS,
    );
  });
});

function linesOf(patch: Patch): unknown {
  const scene = readScene(patch);
  return [...scene.ids()].sort().map((id) => {
    const object = scene.get(id);
    const values = [...(object?.entries() ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    return [id, object?.parent, object?.children, values];
  });
}
