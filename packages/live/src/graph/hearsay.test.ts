import { type ActorId, type ObjectId, parsePath, patchOf, type RegisterEntry, timeFromMs } from '@weft/core';
import { newRunId } from '@weft/protocol';
import { FakeTimers, SeededRandom } from '@weft/testing';
import { expect, test } from 'vitest';
import { AWAY_MS, DOUBT_MS, Hearsay, MAX_REMEMBERED, REMEMBERED_MS } from './hearsay.ts';

const random = new SeededRandom('hearsay');
const [first, second] = [newRunId(random.bytes), newRunId(random.bytes)];
const path = parsePath('node.name');

function saying(id: string, ms: number, actor = 'actor-01') {
  const stamp = { time: timeFromMs(ms), actor: actor as ActorId };
  return patchOf({ registers: [{ id: id as ObjectId, path, register: { value: `${id} ${ms}`, stamp } }] });
}

function start() {
  const timers = new FakeTimers();
  const dropped: RegisterEntry[] = [];
  const lanes: string[] = [];
  const hearsay = new Hearsay({
    timers,
    dropped: (entries, from) => {
      dropped.push(...entries);
      lanes.push(...from);
    },
  });
  const hear = (lane: string, seq: number | null, id: string, ms = 1, actor?: string) =>
    hearsay.heard(lane, { type: 'patch', seq, patch: saying(id, ms, actor) });
  const names = () => dropped.map(({ id }) => id);
  return { timers, hearsay, hear, names, lanes };
}

test('[LV8] what a dead run had not kept and nobody says again is dropped five seconds after it came back', async () => {
  const { timers, hearsay, hear, names, lanes } = start();
  hearsay.welcomed('a', first, null);
  hear('a', 1, 'kept');
  hear('a', 2, 'vouched');
  hear('a', 3, 'lost');
  hear('a', 4, 'again');
  hearsay.committed('a', 1);
  hearsay.lost('a');
  hearsay.welcomed('a', second, 2);
  await timers.advance(DOUBT_MS - 1);
  hear('a', 1, 'again');
  expect(names()).toEqual([]);
  await timers.advance(1);
  expect(names()).toEqual(['lost']);
  expect(lanes).toEqual(['a']);
});

test('[LV8] what a snapshot of the new run holds stays, be it newer', async () => {
  const { timers, hearsay, hear, names } = start();
  hearsay.welcomed('a', first, null);
  hear('a', 1, 'same', 1);
  hear('a', 2, 'newer', 1);
  hear('a', 3, 'older', 5);
  hearsay.lost('a');
  hearsay.welcomed('a', second, null);
  hear('a', null, 'same', 1);
  hear('a', null, 'newer', 2);
  hear('a', null, 'older', 4);
  await timers.advance(DOUBT_MS);
  expect(names()).toEqual(['older']);
});

test('[LV8] what others hid of what was lost goes too, be it hidden by what is kept', async () => {
  const { timers, hearsay, hear, names } = start();
  hearsay.welcomed('a', first, null);
  hear('a', 1, 'kept', 9, 'actor-03');
  hearsay.committed('a', 1);
  for (const id of ['kept', 'lost']) hear('a', 2, id, 1, 'actor-01');
  hear('a', 3, 'lost', 2, 'actor-02');
  hearsay.lost('a');
  hearsay.welcomed('a', second, 1);
  await timers.advance(DOUBT_MS);
  expect(names()).toEqual(['kept', 'lost', 'lost']);
});

test('[LV8] a lost socket is no dead run', async () => {
  const { timers, hearsay, hear, names } = start();
  hearsay.welcomed('a', first, null);
  hear('a', 1, 'object');
  hearsay.lost('a');
  await timers.advance(1_000);
  hearsay.welcomed('a', first, 1);
  await timers.advance(60_000);
  expect(names()).toEqual([]);
});

test('[LV8] while no relay is there nothing is dropped, and on another lane it may be said again', async () => {
  const { timers, hearsay, hear, names } = start();
  hearsay.welcomed('a', first, null);
  hear('a', 1, 'moved');
  hear('a', 2, 'gone');
  hearsay.lost('a');
  await timers.advance(120_000);
  expect(names()).toEqual([]);
  hearsay.welcomed('b', second, null);
  hear('b', 1, 'moved');
  await timers.advance(AWAY_MS);
  expect(names()).toEqual(['gone']);
  hearsay.committed('b', 1);
  await timers.advance(60_000);
  expect(timers.pending).toBe(0);
});

test('[LV8] what was said on a live lane before the other one died counts', async () => {
  const { timers, hearsay, hear, names } = start();
  hearsay.welcomed('a', first, null);
  hearsay.welcomed('b', second, null);
  hear('a', 1, 'object');
  hear('b', 1, 'object');
  hearsay.lost('a');
  await timers.advance(AWAY_MS + DOUBT_MS);
  expect(names()).toEqual([]);
});

test('what is kept is forgotten, and nothing is remembered without bound', async () => {
  const { timers, hearsay, hear } = start();
  hearsay.welcomed('a', first, null);
  for (let seq = 1; seq <= MAX_REMEMBERED; seq += 1) hear('a', seq, `object-${seq}`);
  expect(hearsay.size).toBe(MAX_REMEMBERED);
  hear('a', MAX_REMEMBERED + 1, 'one-more');
  expect(hearsay.size).toBeLessThanOrEqual(MAX_REMEMBERED);
  hear('a', null, 'snapshot');
  hearsay.committed('a', MAX_REMEMBERED);
  await timers.advance(2 * REMEMBERED_MS);
  expect(hearsay.size).toBe(1);
  hearsay.committed('a', MAX_REMEMBERED + 1);
  await timers.advance(REMEMBERED_MS);
  expect([hearsay.size, timers.pending]).toEqual([0, 0]);
  hear('a', MAX_REMEMBERED + 2, 'last');
  hearsay.lost('a');
  hearsay.close();
  expect(timers.pending).toBe(0);
});
