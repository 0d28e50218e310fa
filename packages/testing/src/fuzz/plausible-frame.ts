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
import {
  encodeFrame,
  encodeWirePatch,
  quantisePose,
  type UpFrame,
  type WirePatch,
  writePoseUpdate,
} from '@weft/protocol';
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
  switch (random.below(12)) {
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
    case 5:
      return random.pick<UpFrame>([
        { type: 'mover-up', want: random.pick(['enter', 'leave']), parts: random.below(8) },
        { type: 'view-up', from: random.pick([null, { x: 0, y: 0, z: random.between(-4096, 4095) }]) },
        { type: 'lease-hand-up', n: 1, object, to: random.pick([1, 2, 99]) },
      ]);
    case 6:
      return { type: 'pose-up', at: random.below(65_536), updates: poses(random) };
    default:
      return { type: 'patch-up', n: 1, patch: patch(random, own) };
  }
}

/** Of a mover that may be its sender's, whole or not. */
function poses(random: SeededRandom): Uint8Array {
  const handle = 1 + random.below(4);
  const pose = quantisePose({ body: { position: [random.below(100), 0, 0], rotation: [0, 0, 0, 1] } });
  const baseline = random.chance(0.5) ? pose : null;
  return random.chance(0.8)
    ? writePoseUpdate({ handle, pose, baseline, ageMs: random.below(100) })
    : random.bytes(random.below(40));
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
