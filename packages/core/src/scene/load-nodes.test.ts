import { describe, expect, test } from 'vitest';
import { expectScene, recompute } from '../../test/scene-plain.ts';
import { decodePatch } from '../binary/decode.ts';
import { encodePatch } from '../binary/encode.ts';
import { isActorId, type ObjectId, parseObjectId, parsePath } from '../ids.ts';
import { type Patch, patchOf, type RegisterEntry } from '../register/patch.ts';
import { summaryOf } from '../register/patch-summary.ts';
import { RegisterStore } from '../register/register-store.ts';
import { Replica } from '../replica/replica.ts';
import { timeFromMs } from '../stamp/stamp.ts';
import type { Value } from '../value/value.ts';
import { MAX_DEPTH } from './tree.ts';

const NOW_MS = Date.UTC(2026, 0, 2);
const [ME = expect.fail(), OTHER = expect.fail()] = ['actor-mine--', 'actor-other-'].filter(isActorId);
const stamp = { time: timeFromMs(NOW_MS - 1000), actor: OTHER };
const id = (number: number): ObjectId => parseObjectId(`object-${number}`);

function written(of: number, values: Readonly<Record<string, Value>>): RegisterEntry[] {
  return Object.entries(values).map(([path, value]) => ({
    id: id(of),
    path: parsePath(path),
    register: { value, stamp },
  }));
}

const fileOf = (registers: readonly RegisterEntry[]): Patch =>
  decodePatch(encodePatch(patchOf({ registers }))).patch;
const newReplica = (): Replica => new Replica({ actor: ME, now: () => NOW_MS });

function expectShown(replica: Replica, patch: Patch): void {
  const store = new RegisterStore();
  store.join(patch);
  expectScene(replica.scene, recompute(store));
}

describe('a world that is loaded by column', () => {
  test('[R1] hides what is too deep, deleted, on a cycle, without a parent or without a value', () => {
    const chain = Array.from({ length: MAX_DEPTH + 3 }, (_, at) =>
      written(at, { 'node.name': `${at}`, ...(at > 0 ? { 'node.parent': id(at - 1) } : {}) }),
    );
    const file = fileOf([
      ...chain.flat(),
      ...written(1001, { 'node.parent': id(5), 'node.deleted': true, 'node.order': 'b' }),
      ...written(1002, { 'node.parent': id(1001), 'node.order': 7 }),
      ...written(1003, { 'node.parent': id(1004), 'node.deleted': false }),
      ...written(1004, { 'node.parent': id(1003), 'node.order': 'a' }),
      ...written(1005, { 'node.parent': id(1005) }),
      ...written(1006, { 'node.parent': 'nobody' }),
      ...written(1007, { 'node.parent': id(1006), 'node.name': null }),
      ...written(1008, { 'node.parent': 'no id!' }),
      ...written(1009, { 'node.parent': ['no', 'text'] }),
      ...written(1010, { 'node.parent': null, 'node.order': null }),
      ...written(1011, { 'node.parent': id(1010), 'node.name': 'below nothing' }),
    ]);
    expect(summaryOf(file)?.blocks).not.toBeNull();
    const replica = newReplica();
    const { added } = replica.hear(file);
    expect(new Set(added)).toEqual(new Set(replica.scene.ids()));
    expectShown(replica, file);
  });

  test('[R1] is taken in once more after all of it went, and changes later like any other', () => {
    const file = fileOf([
      ...written(1, { 'node.name': 'house', 'node.order': 'b' }),
      ...written(2, { 'node.parent': id(1), 'node.order': 'b' }),
      ...written(3, { 'node.parent': id(1), 'node.order': 'a' }),
    ]);
    const replica = newReplica();
    replica.hear(file);
    expect(replica.scene.children(id(1))).toEqual([id(3), id(2)]);
    replica.retractLive(new Map([...file.objects].map(([of, { registers }]) => [of, new Map(registers)])));
    expect(replica.scene.size).toBe(0);
    replica.hear(file);
    expectShown(replica, file);
    const later = { value: 'c', stamp: { ...stamp, time: timeFromMs(NOW_MS - 500) } };
    replica.hear(patchOf({ registers: [{ id: id(3), path: parsePath('node.order'), register: later }] }));
    expect(replica.scene.children(id(1))).toEqual([id(2), id(3)]);
  });

  test('has nothing by column where something was purged', () => {
    const purged = patchOf({ registers: written(1, { 'node.name': 'a' }), purges: [[id(2), stamp.time]] });
    expect(summaryOf(decodePatch(encodePatch(purged)).patch)?.blocks).toBeNull();
  });
});
