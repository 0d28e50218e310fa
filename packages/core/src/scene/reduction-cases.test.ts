import { describe, expect, it } from 'vitest';
import { BASE_TIME } from '../../test/arbitraries.ts';
import { expectScene, recompute } from '../../test/scene-plain.ts';
import { newActorId, type ObjectId, parseObjectId, parsePath, ROOT } from '../ids.ts';
import { patchOf } from '../register/patch.ts';
import { RegisterStore } from '../register/register-store.ts';
import { parseTime } from '../stamp/stamp.ts';
import type { Value } from '../value/value.ts';
import { Reduction } from './reduction.ts';
import { MAX_DEPTH, Tree } from './tree.ts';

const actor = newActorId((length) => new Uint8Array(length));
type Words = Readonly<Record<string, Value>>;

/** A world that is written as `{ object: { path: value } }`, one tick a call. */
function world() {
  const store = new RegisterStore();
  const reduction = new Reduction((id) => store.get(id));
  let ticks = 0;
  return {
    store,
    scene: reduction.scene,
    write(objects: Readonly<Record<string, Words>>) {
      ticks += 1;
      const stamp = { time: parseTime(BASE_TIME + ticks), actor };
      const registers = Object.entries(objects).flatMap(([id, words]) =>
        Object.entries(words).map(([path, value]) => ({
          id: parseObjectId(id),
          path: parsePath(path),
          register: { value, stamp },
        })),
      );
      return reduction.apply(store.join(patchOf({ registers })), 'local');
    },
  };
}

const id = (text: string): ObjectId => parseObjectId(text);
const register = (value: Value) => ({ value, stamp: { time: BASE_TIME, actor } });
const under = (parent: string): Words => ({ 'node.parent': parent });

describe('reduction, by example', () => {
  it('[R1] of a cycle written at one stamp, the edge with the greatest value goes', () => {
    const { scene, write } = world();
    write({ a: under('c'), b: under('a'), c: under('b') });
    expect(scene.children(ROOT)).toEqual(['a']);
    expect(scene.get(id('c'))?.parent).toBe('b');
    expect(scene.problems).toEqual([{ reason: 'cycle', object: 'a', parent: 'c' }]);
    write({ s: under('s') });
    expect(scene.problems).toHaveLength(2);
    expect(scene.children(ROOT)).toEqual(['a', 's']);
  });

  it('[R1] the later edge of a cycle goes, and comes back when the cycle is undone', () => {
    const { scene, write } = world();
    write({ a: under('root'), b: under('a') });
    const tied = write({ a: under('b') });
    expect(scene.get(id('a'))?.parent).toBe(ROOT);
    expect(tied.changed).toEqual(new Map([['a', ['node.parent']]]));
    expect(scene.problems).toHaveLength(1);
    const freed = write({ b: under('root') });
    expect(scene.get(id('a'))?.parent).toBe('b');
    expect(freed.changed).toEqual(
      new Map([
        ['b', ['node.parent']],
        ['a', ['node.parent']],
      ]),
    );
    expect(scene.problems).toEqual([]);
  });

  it('[R1] an object under an unknown parent waits with all below it, and appears with the parent', () => {
    const { scene, write } = world();
    write({ b: under('a'), c: under('b') });
    expect(scene.size).toBe(0);
    expect(scene.problems).toEqual([{ reason: 'pending', object: 'b', parent: 'a', hidden: 2 }]);
    const { added } = write({ a: { 'node.name': 'Table' } });
    expect(added).toEqual(['a', 'b', 'c']);
    expect(scene.problems).toEqual([]);
  });

  it('[R1] deletion hides the subtree and can be taken back', () => {
    const { scene, write } = world();
    write({ a: under('root'), b: under('a'), c: under('b') });
    expect(write({ b: { 'node.deleted': true } }).removed).toEqual(['b', 'c']);
    expect(scene.children(id('a'))).toEqual([]);
    expect(write({ b: { 'node.deleted': null } }).added).toEqual(['b', 'c']);
  });

  it('[R1] an object is gone when its last value is', () => {
    const { scene, write } = world();
    write({ a: { 'node.name': 'x' }, b: under('a') });
    expect(write({ a: { 'node.name': null } }).removed).toEqual(['a', 'b']);
    expect(scene.problems).toMatchObject([{ reason: 'pending', object: 'b' }]);
    expect(scene.get(id('a'))).toBeUndefined();
  });

  it('[R1] shows 256 levels and hides the next', () => {
    const { store, scene, write } = world();
    const level = (depth: number) => `d${depth}`;
    const chain = Array.from({ length: MAX_DEPTH + 2 }, (_, at) => [
      level(at + 1),
      under(at === 0 ? 'root' : level(at)),
    ]);
    write(Object.fromEntries(chain));
    expect(scene.size).toBe(MAX_DEPTH);
    expect(scene.has(id(level(MAX_DEPTH)))).toBe(true);
    expect(scene.problems).toEqual([{ reason: 'too-deep', object: level(MAX_DEPTH + 1), hidden: 2 }]);
    expectScene(scene, recompute(store));
    expect(write({ [level(2)]: under('root') }).added).toEqual([level(MAX_DEPTH + 1)]);
    expectScene(scene, recompute(store));
  });

  it('[R1] nothing under the name of the root counts', () => {
    const { scene, write } = world();
    const { added, changed } = write({
      root: { 'node.name': 'mine', 'node.deleted': true },
      a: under('root'),
    });
    expect(added).toEqual(['a']);
    expect(changed.size).toBe(0);
    expect(scene.get(ROOT)).toBeUndefined();
    expect(scene.has(ROOT)).toBe(false);
    expect(scene.children(ROOT)).toEqual(['a']);
  });

  it('[R1] siblings sort by order key in UTF-8 bytes, those without one first, ties by id', () => {
    const { scene, write } = world();
    write({
      a: { 'node.order': '😀' },
      b: { 'node.order': '\u{ff5e}' },
      d: { 'node.order': 'a0' },
      c: { 'node.order': 'a0' },
      e: { 'node.order': 7 },
      f: { 'node.order': 'Zz' },
    });
    expect(scene.children(ROOT)).toEqual(['e', 'f', 'c', 'd', 'b', 'a']);
  });

  it('[R7] nonsense stays in its register, is listed, and readers see the default', () => {
    const { scene, write } = world();
    write({
      a: {
        'transform.position': 'here',
        'transform.scale': [2, 2, 2],
        'node.name': 5,
        'node.parent': 'no/id',
      },
    });
    const object = scene.get(id('a'));
    expect(object?.get(parsePath('transform.position'))).toBe('here');
    expect(object?.component('transform')).toEqual({ position: 'here', scale: [2, 2, 2] });
    expect(object?.transform).toEqual({ position: [0, 0, 0], rotation: [0, 0, 0, 1], scale: [2, 2, 2] });
    expect(object?.worldMatrix.slice(12)).toEqual([0, 0, 0, 1]);
    expect(scene.problems.map(({ reason }) => reason)).toEqual(['schema', 'schema', 'schema']);
    write({ a: { 'transform.position': [1, 2, 3], 'node.name': 'x', 'node.parent': null } });
    expect(scene.problems).toEqual([]);
    expect(scene.get(id('a'))?.worldMatrix.slice(12, 15)).toEqual([1, 2, 3]);
  });

  it('[R6] world matrices multiply down the tree and follow a move', () => {
    const { scene, write } = world();
    write({
      a: {
        'transform.position': [10, 0, 0],
        'transform.rotation': [0, Math.SQRT1_2, 0, Math.SQRT1_2],
      },
      b: { ...under('a'), 'transform.position': [1, 0, 0], 'transform.scale': [2, 2, 2] },
      c: under('b'),
    });
    const at = (name: string) =>
      scene
        .worldMatrix(id(name))
        ?.slice(12, 15)
        .map((n) => Math.round(n * 1e9) / 1e9 + 0);
    expect(at('b')).toEqual([10, 0, -1]);
    expect(scene.worldMatrix(id('c'))).toBe(scene.worldMatrix(id('b')));
    write({ a: { 'transform.rotation': null } });
    expect(at('c')).toEqual([11, 0, 0]);
    write({ b: under('root') });
    expect(at('c')).toEqual([1, 0, 0]);
  });

  it('[R4] says so when a batch changes nothing', () => {
    const { scene, write } = world();
    write({ a: under('root') });
    const before = scene.get(id('a'));
    expect(write({})).toEqual({ origin: 'local', added: [], removed: [], changed: new Map() });
    expect(scene.get(id('a'))).toBe(before);
  });

  it('[R8] keeps nothing of a parent that nobody waits for any more', () => {
    const registers = new Map([[parsePath('node.parent'), register('ghost')]]);
    const tree = new Tree((at) => (at === 'a' ? registers : undefined));
    const update = () => tree.update(new Map([[id('a'), new Set(registers.keys())]]));
    update();
    expect(tree.get(id('ghost'))).toBeDefined();
    registers.set(parsePath('node.parent'), register('root'));
    update();
    expect([...tree.nodes()].map((node) => node.id)).toEqual(['a']);
    registers.clear();
    update();
    expect([...tree.nodes()]).toEqual([]);
  });

  it('[R8] takes in 20,000 objects, as a chain in the worst order and as a wide tree', () => {
    const count = 20_000;
    const chain = world();
    const links = Array.from({ length: count }, (_, at) => [
      `d${at}`,
      under(at === 0 ? 'root' : `d${at - 1}`),
    ]);
    chain.write(Object.fromEntries(links.reverse()));
    expect(chain.scene.size).toBe(MAX_DEPTH);
    expect(chain.scene.problems).toEqual([
      { reason: 'too-deep', object: `d${MAX_DEPTH}`, hidden: count - MAX_DEPTH },
    ]);
    chain.write({ d0: under(`d${count - 1}`) });
    expect(chain.scene.problems).toHaveLength(2);
    const wide = world();
    wide.write(
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`w${at}`, { 'node.order': `a${at}` }])),
    );
    expect(wide.scene.children(ROOT)).toHaveLength(count);
  });
});
