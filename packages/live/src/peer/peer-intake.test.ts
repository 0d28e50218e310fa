import {
  newActorId,
  type Patch,
  parseObjectId,
  parsePath,
  parseUserId,
  patchOf,
  Replica,
  timeFromMs,
} from '@weft/core';
import { MAX_PEER_PROBLEMS } from '@weft/protocol';
import { SeededRandom } from '@weft/testing';
import { expect, test } from 'vitest';
import { MAX_OVERHEARD_REGISTERS, PeerIntake } from './peer-intake.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const { bytes } = new SeededRandom('peer intake');
const BOB = parseUserId('@bob:example.org');
const actor = newActorId(bytes);
const access = { userId: BOB, level: 25 };

function intakeOf() {
  const replica = new Replica({ actor: newActorId(bytes), now: () => NOW_MS });
  const intake = new PeerIntake({
    replica,
    now: () => NOW_MS,
    access: () => access,
    lane: {
      overhear: (patch) => void replica.overhear(patch),
      retractLive: (registers) => void replica.retractLive(registers),
    },
  });
  return { replica, intake };
}

/** One edit a call: so many properties, forty an object. */
function edit(name: string, count: number, ms: number, by = actor): Patch {
  const stamp = { time: timeFromMs(NOW_MS + ms), actor: by };
  return patchOf({
    registers: Array.from({ length: count }, (_, at) => ({
      id: parseObjectId(`${name}-${Math.floor(at / 40)}`),
      path: parsePath(`acme:part.p${at % 40}`),
      register: { value: at, stamp },
    })),
  });
}

test('[PL5] 16,384 registers of peers wait for the room, and one more is left to it', () => {
  const { replica, intake } = intakeOf();
  const half = MAX_OVERHEARD_REGISTERS / 2;
  expect(intake.take(edit('a', half, 1), access)).toEqual([]);
  expect(intake.take(edit('b', half, 2), access)).toEqual([]);
  expect(intake.take(edit('c', 1, 3), access)).toMatchObject([{ id: 'c-0', code: 'limit' }]);
  expect(replica.scene.has(parseObjectId('c-0'))).toBe(false);
  // The room brought some of it: there is room again.
  replica.receive(edit('a', half, 1), 'matrix');
  expect(intake.take(edit('c', 1, 3), access)).toEqual([]);
});

test('[PL5] of a refusal at most eight reasons are told', () => {
  const { replica, intake } = intakeOf();
  const own = replica.clock.actor;
  expect(intake.take(edit('a', MAX_PEER_PROBLEMS, 1, own), access)).toHaveLength(MAX_PEER_PROBLEMS);
  expect(intake.take(edit('a', MAX_PEER_PROBLEMS + 1, 1, own), access)).toHaveLength(MAX_PEER_PROBLEMS);
});

test('[PL7] what was taken back before it came is not taken in, whatever else comes with it is', () => {
  const { replica, intake } = intakeOf();
  const [first, second] = [edit('a', 1, 1), edit('b', 1, 1)];
  intake.takeBack(first, BOB);
  const both = patchOf({
    registers: [first, second].flatMap(({ objects }) =>
      [...objects].flatMap(([id, { registers }]) =>
        Array.from(registers, ([path, register]) => ({ id, path, register })),
      ),
    ),
  });
  expect(intake.take(both, access)).toEqual([]);
  expect([replica.scene.has(parseObjectId('a-0')), replica.scene.has(parseObjectId('b-0'))]).toEqual([
    false,
    true,
  ]);
});
