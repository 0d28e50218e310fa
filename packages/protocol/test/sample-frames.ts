import {
  type ActorId,
  newActorId,
  type ObjectId,
  type Path,
  parseObjectId,
  parsePath,
  parseTime,
  parseUserId,
  patchOf,
} from '@weft/core';
import {
  encodeFlow,
  encodeWirePatch,
  type Frame,
  LANE_VERSION,
  newRunId,
  type PersonEntry,
  PoseWriter,
  quantisePose,
  writeFlowAnew,
} from '../src/index.ts';

/** Always the same bytes: what is random elsewhere is fixed in samples. */
function fixed(seed: number): (length: number) => Uint8Array {
  return (length) => Uint8Array.from({ length }, (_, at) => (seed * 31 + at * 7) % 256);
}

const alice = parseUserId('@alice:example.org');
const table: ObjectId = parseObjectId('Kx81OakTable');
const actor: ActorId = newActorId(fixed(1));
const run = newRunId(fixed(2));
const position: Path = parsePath('transform.position');

const patch = encodeWirePatch(
  patchOf({
    registers: [
      {
        id: table,
        path: position,
        register: { value: [1.5, 0, -2.25], stamp: { time: parseTime(3_588_432_986_112_000), actor } },
      },
    ],
  }),
);
const person: PersonEntry = { session: 7, user: alice, device: 'DEVICE', actor, level: 25 };

const rotation = [0, 0.6, 0, 0.8] as const;
const standing = quantisePose({
  body: { position: [1.5, 0, -2.25], rotation },
  head: { position: [1.5, 1.7, -2.25], rotation },
});
const walking = quantisePose({
  body: { position: [1.57, 0.01, -2.22], rotation },
  head: { position: [1.57, 1.7, -2.22], rotation },
  state: 'walk',
});
const walk = new PoseWriter();

/** One frame of each kind. */
export const SAMPLE_FRAMES: readonly Frame[] = [
  {
    type: 'hello',
    version: LANE_VERSION,
    room: '!room:example.org',
    ticket: 'ticket',
    nonce: 'nonce',
    signature: fixed(3)(64),
    actor,
    former: [newActorId(fixed(4))],
    position: { run, seq: 12 },
    setHash: '0123456789abcdef0123456789abcdef',
    mode: 'play',
  },
  { type: 'patch-up', n: 1, patch },
  { type: 'event-up', target: table, name: 'knock', data: { hard: true }, to: null },
  { type: 'lease-up', n: 2, object: table, want: 'take', priority: 10 },
  { type: 'document-up', object: table, bytes: fixed(5)(12) },
  { type: 'presence-up', state: { selected: [table], colour: '#ff8800' } },
  { type: 'retract-up', patch },
  { type: 'clock-up', at: 123_456 },
  { type: 'bye-up', code: 1000, reason: 'closing the world' },
  { type: 'digest-up' },
  { type: 'mover-up', want: 'enter', parts: 1 },
  { type: 'pose-up', at: 51_234, updates: walk.write([{ handle: 5, pose: standing, ageMs: 0 }]) },
  { type: 'view-up', from: { x: -12, y: 2, z: 300 } },
  { type: 'lease-hand-up', n: 3, object: table, to: 9 },
  {
    type: 'welcome',
    version: LANE_VERSION,
    run,
    session: 7,
    through: 12,
    missed: 3,
    resumed: 40,
    kind: 'snapshot',
    snapshotBytes: 1234,
    snapshotObjects: 10,
    committed: 11,
    level: 25,
    nowMs: 1_752_164_544_000,
    limits: {
      frameBytes: 1_048_576,
      patchBytes: 261_120,
      patchObjects: 5000,
      framesPerSecond: 120,
      frameBurst: 240,
      bytesPerSecond: 1_048_576,
    },
    people: [person],
  },
  { type: 'snapshot', index: 0, count: 1, bytes: fixed(6)(20) },
  { type: 'patch-down', seq: 13, session: 0, user: alice, committed: 12, patch },
  { type: 'ack', n: 1, seq: 13, committed: 13 },
  {
    type: 'reject',
    n: 1,
    problems: [
      {
        id: table,
        path: position,
        code: 'forbidden',
        message: 'The object is locked.',
        winner: { value: [0, 0, 0], time: parseTime(3_588_432_986_112_001), actor },
      },
      { id: table, path: null, code: 'limit', message: 'Too large.', winner: null },
    ],
  },
  { type: 'event-down', from: 7, user: alice, target: null, name: 'wave', data: null },
  { type: 'retract', seq: 14, patch },
  { type: 'lease-down', object: table, holder: 7, fence: 3, expiresMs: 1_752_164_549_000 },
  { type: 'lease-answer', n: 2, ok: true, holder: 7, fence: 3, expiresMs: 1_752_164_549_000 },
  { type: 'document-down', object: table, session: 0, bytes: fixed(5)(12) },
  { type: 'presence-down', session: 7, state: null },
  { type: 'people', joined: [person], left: [6] },
  { type: 'role', level: -1 },
  { type: 'clock', at: 123_456, relayMs: 1_752_164_544_000 },
  { type: 'digest', seq: 14, setHash: '0123456789abcdef0123456789abcdef', stateDigest: 'abc' },
  { type: 'draining', inMs: 5000 },
  { type: 'keeping', ok: false },
  {
    type: 'movers',
    appeared: [
      { handle: 5, session: 7, object: null, parts: 1 },
      { handle: 6, session: 7, object: table, parts: 0 },
    ],
    left: [4],
  },
  { type: 'pose-down', at: 51_250, updates: walk.write([{ handle: 5, pose: walking, ageMs: 12 }]) },
  {
    type: 'pose-flow',
    at: 51_300,
    updates: encodeFlow(0, [
      writeFlowAnew({ handle: 5, pose: walking, atMs: 51_288, frameMs: 51_300 }, null, false),
    ]).subarray(3),
  },
  { type: 'pose-rate', perSecond: 30 },
  { type: 'bye-down', code: 4503, reason: 'The relay restarts.' },
];
