import { parseObjectId } from '@weft/core';
import { CLOSE_CODES, encodeFrame } from '@weft/protocol';
import type { LaneHost } from '@weft/relay';
import { TwinLaneSocket } from '@weft/testing/lane';
import { describe, expect, test } from 'vitest';
import { FLEETING_ROOM_BYTES, Outbox } from '../../src/lane/outbox.ts';
import { ALICE, BOB, LaneUnderTest } from './lane-under-test.ts';

const CHAIR = parseObjectId('chair');

/** A frame of 1,000 bytes and its number. */
function frame(number: number, bytes = 1_000): Uint8Array {
  const name = `${number} `.padEnd(bytes - 100, 'x').slice(0, 64);
  return encodeFrame({
    type: 'event-down',
    from: 1,
    user: ALICE,
    target: null,
    name,
    data: 'x'.repeat(bytes),
  });
}

function slowReader(limits = { fleetingQueueBytes: 10_000, readerQueueBytes: 200_000 }) {
  const socket = new TwinLaneSocket();
  socket.isSlow = true;
  const seen = { slow: 0 };
  const outbox = new Outbox(socket, limits, () => {
    seen.slow += 1;
  });
  const numbers = () => socket.of('event-down').map(({ name }) => Number.parseInt(name, 10));
  return { socket, outbox, seen, numbers };
}

describe('a reader', () => {
  test('[RL7] who is behind loses the oldest of what is fleeting, and nothing of what is steady', () => {
    const { socket, outbox, seen, numbers } = slowReader();
    let sent = 0;
    for (; socket.queuedBytes < FLEETING_ROOM_BYTES; sent += 1) outbox.fleeting(frame(sent));
    const straight = sent;
    const waits = Math.floor(10_000 / frame(0).length);
    for (let at = 0; at < 100; at += 1, sent += 1) outbox.fleeting(frame(sent));
    outbox.steady(frame(-1));
    expect(outbox.dropped).toBe(100 - waits);
    while (socket.queuedBytes > 0) socket.read(1);
    expect(numbers()).toEqual([
      ...Array.from({ length: straight }, (_, at) => at),
      -1,
      ...Array.from({ length: waits }, (_, at) => sent - waits + at),
    ]);
    expect(seen.slow).toBe(0);
  });

  test('[RL7] may be behind by what is allowed, and is given up at one byte more', () => {
    const one = frame(0);
    const { outbox, seen } = slowReader({ fleetingQueueBytes: 1, readerQueueBytes: one.length * 3 });
    for (let at = 0; at < 3; at += 1) outbox.steady(frame(0));
    expect(seen.slow).toBe(0);
    outbox.steady(frame(0));
    expect(seen.slow).toBe(1);
  });

  test('[RL7] who does not read is closed with a code, while the others hear everything at once', async () => {
    const lane = await LaneUnderTest.open({ limits: { readerQueueBytes: 20_000 } });
    const alice = lane.client({ user: ALICE });
    const bob = lane.client({ user: BOB });
    const tv = lane.client({ user: BOB, device: 'TV' });
    alice.connect();
    bob.connect();
    tv.connectSlowly();
    for (let at = 0; at < 40; at += 1) alice.set(CHAIR, 'acme:note.text', `${at} `.padEnd(1_000, 'x'));
    expect(tv.socket.closed?.code).toBe(CLOSE_CODES.slowReader);
    expect(bob.socket.of('patch-down').length).toBe(40);
    expect(bob.socket.of('people').at(-1)?.left).toEqual([tv.session?.session]);
    expect([...lane.room.people()].length).toBe(2);
    tv.lost();
    tv.connect();
    expect(tv.shown()).toBe(bob.shown());
  });

  test('[RL7] is told what parts of the room send as their urgency says', async () => {
    let host: LaneHost | null = null;
    const lane = await LaneUnderTest.open({
      parts: [
        (given) => {
          host = given;
          return {
            kind: null,
            takes: new Set(),
            load: () => undefined,
            joined: () => undefined,
            changed: () => undefined,
            left: () => undefined,
            receive: () => undefined,
            leased: () => undefined,
            hasAvatar: () => false,
            close: () => undefined,
          };
        },
      ],
    });
    const alice = lane.client({ user: ALICE });
    const bob = lane.client({ user: BOB });
    alice.connect();
    bob.connect();
    const room: LaneHost | null = host;
    if (room === null) throw new Error('no host');
    const given: LaneHost = room;
    given.broadcast({ type: 'presence-down', session: 1, state: null }, 'fleeting', 1);
    given.send(1, { type: 'presence-down', session: 2, state: null }, 'steady');
    expect(alice.socket.of('presence-down').map(({ session }) => session)).toEqual([2]);
    expect(bob.socket.of('presence-down').map(({ session }) => session)).toEqual([1]);
    given.expel(2, CLOSE_CODES.malformed, 'a bad part');
    expect(bob.socket.closed).toEqual({ code: CLOSE_CODES.malformed, reason: 'a bad part' });
    expect(given.person(2)).toBeUndefined();
  });
});
