import {
  type ActorId,
  newActorId,
  type ObjectId,
  parseObjectId,
  parsePath,
  patchOf,
  type RegisterEntry,
  timeFromMs,
  type Value,
} from '@weft/core';
import { encodeFrame, encodeWirePatch, type UpFrame, type WirePatch } from '@weft/protocol';
import type { SeededRandom } from '../random/seeded-random.ts';

// Few of each, so that what one frame says meets what another one said.
const IDS = ['lamp', 'table', 'chair', 'u_aaaaaaaaaaaaaaaaaaaaaa_x', 'room'].map(parseObjectId);
const PATHS = [
  'transform.position',
  'node.parent',
  'node.name',
  'node.locked',
  'node.owner',
  'node.deleted',
  'acme:x.y',
].map(parsePath);
const VALUES: readonly Value[] = [
  null,
  true,
  0,
  -1.5,
  'root',
  'lamp',
  'table',
  [0, 1, 2],
  [1e300],
  {},
  { a: [] },
  'x'.repeat(3000),
];
const STRANGER = newActorId((length) => new Uint8Array(length).fill(7));
const NOW_MS = Date.UTC(2026, 0, 1);
const MAX_REGISTERS = 8;

/** A frame as a client would send it, were it not that what it says may make no sense. */
export function plausibleFrame(random: SeededRandom, own: ActorId): Uint8Array {
  return encodeFrame(frameOf(random, own));
}

function frameOf(random: SeededRandom, own: ActorId): UpFrame {
  const object: ObjectId = random.pick(IDS);
  switch (random.below(10)) {
    case 0:
      return {
        type: 'lease-up',
        n: 1,
        object,
        want: random.pick(['take', 'renew', 'release']),
        priority: random.below(256),
      };
    case 1:
      return {
        type: 'event-up',
        target: random.chance(0.5) ? object : null,
        name: 'knock',
        data: random.pick(VALUES),
        to: random.pick([null, 1, 2, 99]),
      };
    case 2:
      return { type: 'retract-up', patch: patch(random, own) };
    case 3:
      return random.pick<UpFrame>([
        { type: 'clock-up', at: 1 },
        { type: 'digest-up' },
        { type: 'presence-up', state: {} },
      ]);
    case 4:
      return { type: 'document-up', object, bytes: random.bytes(1 + random.below(40)) };
    default:
      return { type: 'patch-up', n: 1, patch: patch(random, own) };
  }
}

function patch(random: SeededRandom, own: ActorId): WirePatch {
  const actor = random.chance(0.95) ? own : STRANGER;
  const time = timeFromMs(NOW_MS + random.between(-1000, random.chance(0.05) ? 100_000 : 1000));
  const registers = Array.from(
    { length: 1 + random.below(MAX_REGISTERS) },
    (): RegisterEntry => ({
      id: random.pick(IDS),
      path: random.pick(PATHS),
      register: { value: random.pick(VALUES), stamp: { time, actor } },
    }),
  );
  return encodeWirePatch(patchOf({ registers }));
}
