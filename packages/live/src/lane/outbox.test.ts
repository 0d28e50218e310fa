import {
  type ActorId,
  entriesOf,
  type ObjectId,
  type ObjectRegisters,
  type Patch,
  parsePath,
  patchOf,
  timeFromMs,
} from '@weft/core';
import { decodeWirePatch, type LaneLimits, type PatchUp } from '@weft/protocol';
import { FakeTimers } from '@weft/testing';
import { expect, test } from 'vitest';
import { MAX_IN_FLIGHT, MAX_PACKED_OBJECTS, MAX_QUEUED_EDITS, Outbox } from './outbox.ts';

const NAME = parsePath('node.name');
const LIMITS: LaneLimits = {
  ...{ frameBytes: 1_048_576, patchBytes: 261_120, patchObjects: 5_000 },
  ...{ framesPerSecond: 10_000, frameBurst: 20_000, bytesPerSecond: 100_000_000 },
};

/** An edit of objects numbered from one on, under a stamp of its own. */
function edit(first: number, count = 1): Patch {
  const stamp = { time: timeFromMs(1_767_225_600_000 + first), actor: 'actor-01' as ActorId };
  return patchOf({
    registers: Array.from({ length: count }, (_, at) => ({
      id: `object-${first + at}` as ObjectId,
      path: NAME,
      register: { value: first, stamp },
    })),
  });
}

function start(unheld: () => Patch = () => patchOf({})) {
  const timers = new FakeTimers();
  const sent: PatchUp[] = [];
  const held: ObjectRegisters[] = [];
  const refused: ObjectRegisters[] = [];
  let isLive = true;
  const outbox = new Outbox({
    replica: {
      sent: () => undefined,
      hold: (registers) => held.push(registers),
      refuse: (registers) => refused.push(registers),
      unheld: () => {
        const isHeld = (id: ObjectId) => [...held, ...refused].some((registers) => registers.has(id));
        return patchOf({ registers: [...entriesOf(unheld())].filter(({ id }) => !isHeld(id)) });
      },
    },
    timers,
    send: (make) => {
      if (isLive) sent.push(make(sent.length + 1));
      return isLive;
    },
  });
  const ack = (n: number) => outbox.acked({ type: 'ack', n, seq: n, committed: n });
  const reject = (n: number, code = 'forbidden') =>
    outbox.rejected({
      type: 'reject',
      n,
      problems: [{ id: 'object-0' as ObjectId, path: null, code, message: 'No.', winner: null }],
    });
  const objectsOf = (n: number) => [
    ...decodeWirePatch(sent[n - 1]?.patch ?? new Uint8Array()).objects.keys(),
  ];
  const ids = (list: readonly ObjectRegisters[]) => list.flatMap((registers) => [...registers.keys()]);
  const die = () => {
    isLive = false;
  };
  return { outbox, timers, sent, held, refused, ack, reject, objectsOf, ids, die };
}

test('[LV9] sixty-four patches are on their way at once; the next goes with the first answer', () => {
  const { outbox, sent, held, ack, ids } = start();
  outbox.open(LIMITS);
  for (let at = 0; at <= MAX_IN_FLIGHT; at += 1) outbox.add(edit(at));
  expect([sent.length, outbox.inFlight]).toEqual([MAX_IN_FLIGHT, MAX_IN_FLIGHT]);
  ack(1);
  expect([sent.length, ids(held)]).toEqual([MAX_IN_FLIGHT + 1, ['object-0']]);
});

test('[LV9] what waits goes together, up to five hundred objects', () => {
  const all = Array.from({ length: MAX_PACKED_OBJECTS + 1 }, (_, at) => edit(at));
  const { outbox, sent, objectsOf } = start(() =>
    patchOf({ registers: all.flatMap((each) => [...entriesOf(each)]) }),
  );
  outbox.open(LIMITS);
  expect(sent).toHaveLength(2);
  expect([objectsOf(1).length, objectsOf(2).length]).toEqual([MAX_PACKED_OBJECTS, 1]);
});

test('[LV9] beyond a thousand that wait the replica is asked for what is not held, and nothing goes twice', () => {
  const all: Patch[] = [];
  const { outbox, sent, ack, objectsOf } = start(() =>
    patchOf({ registers: all.flatMap((each) => [...entriesOf(each)]) }),
  );
  outbox.open(LIMITS);
  for (let at = 0; at < MAX_IN_FLIGHT + MAX_QUEUED_EDITS + 100; at += 1) {
    const one = edit(at);
    all.push(one);
    outbox.add(one);
  }
  for (let n = 1; n <= sent.length; n += 1) ack(n);
  const objects = sent.flatMap((_, at) => objectsOf(at + 1));
  expect(objects).toHaveLength(all.length);
  expect(new Set(objects).size).toBe(all.length);
});

test('[LV9] of edits that were refused together each goes by itself, and only the wrong one is refused', () => {
  const all = [edit(0), edit(1), edit(2)];
  const { outbox, sent, refused, held, ack, reject, objectsOf, ids } = start(() =>
    patchOf({ registers: all.flatMap((each) => [...entriesOf(each)]) }),
  );
  outbox.open(LIMITS);
  expect(objectsOf(1)).toHaveLength(3);
  reject(1);
  expect([2, 3, 4].map(objectsOf)).toEqual([['object-0'], ['object-1'], ['object-2']]);
  ack(2);
  reject(3);
  ack(4);
  expect([ids(held), ids(refused), sent.length]).toEqual([['object-0', 'object-2'], ['object-1'], 4]);
});

test('[LV9] an edit of many objects stands and falls as one', () => {
  const { outbox, refused, reject, ids } = start();
  outbox.open(LIMITS);
  outbox.add(edit(0, 3));
  reject(1);
  expect(ids(refused)).toEqual(['object-0', 'object-1', 'object-2']);
});

test.each(['limit', 'not-kept'])(
  '[LV9] a refusal for the relay’s own sake (%s) refuses nothing, and is not asked again',
  (code) => {
    const { outbox, sent, refused, reject } = start(() => edit(0));
    outbox.open(LIMITS);
    reject(1, code);
    outbox.renew();
    expect([refused, sent.length, outbox.inFlight]).toEqual([[], 1, 0]);
  },
);

test('[LV9] what no frame can hold is left to the room', () => {
  const stamp = { time: timeFromMs(1), actor: 'actor-01' as ActorId };
  const registers = Array.from({ length: 80 }, (_, at) => ({
    id: 'large' as ObjectId,
    path: parsePath(`acme:part.p${at}`),
    register: { value: 'x'.repeat(4_000), stamp },
  }));
  const { outbox, sent, refused, objectsOf } = start();
  outbox.open(LIMITS);
  outbox.add(patchOf({ registers: [...registers, ...entriesOf(edit(1))] }));
  expect([sent.length, refused]).toEqual([1, []]);
  expect(objectsOf(1)).toEqual(['object-1']);
});

test('[LV7] a slow allowance spreads edits over time, and closing ends the wait', async () => {
  const { outbox, sent, timers } = start();
  outbox.open({ ...LIMITS, framesPerSecond: 10, frameBurst: 4 });
  for (let at = 0; at < 10; at += 1) outbox.add(edit(at));
  expect(sent).toHaveLength(3);
  await timers.advance(1_000);
  expect(sent.length).toBeGreaterThan(3);
  outbox.add(edit(20));
  outbox.close();
  expect(timers.pending).toBe(0);
});

test('[LV9] a line that dies takes nothing along: what was on its way is nobody’s', () => {
  const { outbox, die } = start();
  outbox.open(LIMITS);
  outbox.add(edit(0));
  die();
  outbox.add(edit(1));
  expect([outbox.inFlight, outbox.isOpen]).toEqual([0, false]);
});
