import {
  encodePatch,
  entriesOf,
  isActorId,
  MAX_BLOB_BYTES,
  type ObjectId,
  type Patch,
  parseObjectId,
  parsePath,
  parseTime,
  patchOf,
  WeftError,
} from '@weft/core';
import { describe, expect, test } from 'vitest';
import { TwinWorlds } from '../../test/twin-worlds.ts';
import type { World } from '../world.ts';
import { readFileSource } from './file-source.ts';
import { openFile } from './open-file.ts';
import { writeFile } from './write-file.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

function errorOf(act: () => unknown): WeftError {
  try {
    act();
  } catch (error) {
    if (error instanceof WeftError) return error;
    throw error;
  }
  throw new Error('It succeeded');
}

function furnish(world: World): ObjectId {
  return world.edit('furnish', (draft) => {
    const table = draft.add({
      node: { name: 'Table', tags: ['oak'] },
      transform: { position: [1.5, 0, -2] },
    });
    for (const name of ['Cup', 'Plate']) draft.add({ parent: table, node: { name } });
    draft.remove(draft.add({ node: { name: 'Trash' } }));
    return table;
  }).value;
}

const names = (world: Pick<World, 'get' | 'children'>, id: ObjectId) =>
  world.children(id).map((child) => world.get(child)?.node?.name);

describe('export and merge', () => {
  test('[T4] a world goes through a file into another one, saved or not, and shows the same', async () => {
    for (const format of ['weft', 'json'] as const) {
      const twin = new TwinWorlds();
      const from = await twin.create('ann');
      const table = furnish(from);
      const bytes = from.export({ format });
      const into = await twin.create('ann', { title: 'Other' });
      const edit = into.import(bytes, { as: 'merge' });
      expect(edit.value.problems).toEqual([]);
      expect([...edit.value.ids.keys()].sort()).toEqual([...edit.ids].sort());
      expect(into.hash()).toBe(from.hash());
      expect(into.hash()).not.toBe((await twin.create('ann', { title: 'Empty' })).hash());
      expect(into.canUndo).toBe(false);
      await twin.run(edit.durable);
      const fresh = await twin.open('ann', into.room);
      expect(fresh.hash()).toBe(from.hash());
      expect(names(fresh, table)).toEqual(['Cup', 'Plate']);
      expect(fresh.diff(from)).toEqual({ added: [], removed: [], changed: new Map() });
      expect(openFile(bytes).info).toEqual({
        title: 'Plaza',
        createdMs: expect.any(Number),
        source: from.room,
        policy: { world: { version: 1, title: 'Plaza' } },
      });
    }
  });

  test('[T2] two worlds edited apart show the same once each took in the other’s file, and a third in any order', async () => {
    const twin = new TwinWorlds();
    const [ann, bob] = [await twin.create('ann'), await twin.create('bob')];
    const table = furnish(ann);
    await twin.run(bob.import(ann.export(), { as: 'merge' }).durable);
    ann.edit('rename', (draft) => draft.set(table, { node: { name: 'Desk' } }));
    bob.edit('move', (draft) => draft.set(table, { transform: { position: [9, 0, 0] } }));
    bob.edit('take', (draft) => draft.remove(bob.children(table)[0] ?? table));
    ann.edit('add', (draft) => draft.add({ parent: table, node: { name: 'Vase' } }));
    const [fromAnn, fromBob] = [ann.export(), bob.export({ format: 'json' })];
    const merged = [ann.import(fromBob, { as: 'merge' }), bob.import(fromAnn, { as: 'merge' })];
    expect(ann.hash()).toBe(bob.hash());
    expect(names(ann, table)).toEqual(['Plate', 'Vase']);
    for (const { durable } of merged) await twin.run(durable);
    const orders = [
      [fromAnn, fromBob],
      [fromBob, fromAnn, fromBob],
    ];
    for (const order of orders) {
      const third = await twin.create('cid');
      for (const file of order) third.import(file, { as: 'merge' });
      expect(third.hash()).toBe(ann.hash());
    }
    expect(ann.import(fromBob, { as: 'merge' }).ids).toEqual([]);
  });

  test('[T4] a visitor may not, and neither what is no file nor what is from the future changes anything', async () => {
    const twin = new TwinWorlds();
    const { ann, cid } = await twin.three();
    furnish(ann);
    await twin.timers.advance(2_000);
    const [bytes, before, writes] = [ann.export(), ann.hash(), twin.writes()];
    expect(errorOf(() => cid.import(bytes, { as: 'merge' })).code).toBe('forbidden');
    expect(errorOf(() => cid.import(bytes, { as: 'copy' })).code).toBe('forbidden');
    for (const as of ['merge', 'copy'] as const)
      expect(errorOf(() => cid.checkImport(bytes, { as })).code).toBe('forbidden');
    const damaged = Uint8Array.from(bytes, (byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte));
    const bad = [
      damaged,
      bytes.subarray(0, bytes.length - 1),
      utf8('WEFT'),
      utf8(''),
      utf8('[]'),
      utf8('{"weft":2,"objects":{}}'),
      utf8(`{"weft":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
      Uint8Array.of(0xff, 0xfe),
    ];
    for (const as of ['merge', 'copy'] as const)
      for (const file of bad) expect(errorOf(() => ann.import(file, { as })).code).toBe('bad-file');
    const year = 365 * 24 * 3600 * 1000 * 2048;
    const { patch } = readFileSource(bytes);
    const future = later(patch, year);
    expect(errorOf(() => ann.import(encodePatch(future), { as: 'merge' })).code).toBe('bad-file');
    await twin.timers.advance(2_000);
    expect([ann.hash(), twin.writes()]).toEqual([before, writes]);
    const copy = ann.import(encodePatch(future), { as: 'copy' });
    await twin.run(copy.durable);
    expect(ann.query({ name: 'Table' }).objects).toHaveLength(2);
  });

  test('[T5] a copy is one step of undo, below the parent that was asked for', async () => {
    const twin = new TwinWorlds();
    const ann = await twin.create('ann');
    const table = furnish(ann);
    const before = ann.toPatch();
    for (const as of ['copy', 'merge'] as const) ann.checkImport(ann.export(), { as });
    expect(ann.diff(before).changed.size).toBe(0);
    const copy = ann.import(ann.export(), { as: 'copy', parent: table });
    expect(names(ann, table)).toEqual(['Cup', 'Plate', 'Table']);
    const copied = copy.value.ids.get(table) ?? table;
    expect(names(ann, copied)).toEqual(['Cup', 'Plate']);
    expect(ann.diff(before).removed).toHaveLength(3);
    await twin.run(copy.durable);
    ann.undo();
    expect(names(ann, table)).toEqual(['Cup', 'Plate']);
    ann.redo();
    expect(names(ann, table)).toEqual(['Cup', 'Plate', 'Table']);
    expect(errorOf(() => ann.import(ann.export(), { as: 'copy', parent: copyOfNothing(ann) })).code).toBe(
      'unknown-object',
    );
  });
});

describe('an open file', () => {
  test('shows its scene and answers queries without a homeserver', async () => {
    const twin = new TwinWorlds();
    const ann = await twin.create('ann');
    const table = furnish(ann);
    const file = openFile(ann.export());
    expect(file.hash()).toBe(ann.hash());
    expect(file.get(table)?.worldMatrix[12]).toBe(1.5);
    expect(names(file, table)).toEqual(['Cup', 'Plate']);
    expect([...file.ids()]).toHaveLength(3);
    expect(file.query({ tag: 'oak' }).objects.map(({ id }) => id)).toEqual([table]);
    ann.edit('rename', (draft) => draft.set(table, { node: { name: 'Desk' } }));
    const { changed } = ann.diff(file);
    expect(changed).toEqual(new Map([[table, new Map([['node.name', ['Desk', 'Table']]])]]));
  });

  test('may be 64 MiB of JSON and not a byte more, neither read nor written', () => {
    const text = utf8('{"weft":1}');
    const padded = (bytes: number) => {
      const file = new Uint8Array(bytes).fill(0x20);
      file.set(text);
      return file;
    };
    expect([...openFile(padded(MAX_BLOB_BYTES)).ids()]).toEqual([]);
    expect(errorOf(() => openFile(padded(MAX_BLOB_BYTES + 1))).code).toBe('limit');
    const value = 'x'.repeat(4_000);
    const [actor] = ['actor-aaaaaa'].filter(isActorId);
    if (actor === undefined) throw new Error('no actor');
    const large = patchOf({
      registers: Array.from({ length: Math.ceil(MAX_BLOB_BYTES / value.length) }, (_, at) => ({
        id: parseObjectId(`o${at}`),
        path: parsePath('node.name'),
        register: { value, stamp: { time: parseTime(1), actor } },
      })),
    });
    expect(errorOf(() => writeFile(large, {}, 'json')).code).toBe('limit');
    expect(writeFile(large, {}, 'weft').length).toBeLessThan(MAX_BLOB_BYTES);
  });

  test('reports what is malformed in it and shows the rest', () => {
    const { objects } = JSON.parse(
      '{"objects":{"a":{"node":{"name":["A",3588432986112000,"actor-aaaaaa"],"order":[1]}},"b/c":{}}}',
    );
    const file = openFile({ weft: 1, objects });
    expect([...file.ids()]).toEqual(['a']);
    expect(file.problems).toHaveLength(2);
  });
});

describe('authors', () => {
  test('[T3] a change says who is said to have made it, on every client', async () => {
    const twin = new TwinWorlds();
    const { ann, bob, cid } = await twin.three();
    const seen: unknown[] = [];
    cid.on('change', ({ authors }) => seen.push(...authors));
    const own: unknown[] = [];
    bob.on('change', ({ origin, authors }) => (origin === 'local' ? own.push(...authors) : 0));
    const { value: id, durable } = ann.edit('add', (draft) => draft.add({ node: { name: 'Lamp' } }));
    await twin.run(durable);
    await twin.timers.advance(1_000);
    const renamed = bob.edit('rename', (draft) => draft.set(id, { node: { name: 'Light' } }));
    await twin.run(renamed.durable);
    await twin.timers.advance(1_000);
    const removed = bob.edit('remove', (draft) => draft.remove(id));
    await twin.run(removed.durable);
    await twin.timers.advance(1_000);
    expect(seen).toEqual([
      [id, [ann.userId]],
      [id, [bob.userId]],
      [id, [bob.userId]],
    ]);
    expect(own).toEqual([
      [id, [bob.userId]],
      [id, [bob.userId]],
    ]);
    expect(ann.authorsOf(id)).toEqual([ann.userId, bob.userId]);
    expect(ann.authorsOf(id, parsePath('node.name'))).toEqual([bob.userId]);
  });
});

function later(patch: Patch, ticks: number): Patch {
  return patchOf({
    registers: [...entriesOf(patch)].map(({ id, path, register: { value, stamp } }) => ({
      id,
      path,
      register: { value, stamp: { ...stamp, time: parseTime(stamp.time + ticks) } },
    })),
  });
}

function copyOfNothing(world: World): ObjectId {
  const { value, ids } = world.check((draft) => draft.add({}));
  expect(ids).toContain(value);
  return value;
}
