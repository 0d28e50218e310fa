import {
  OCCUPANT_PATH,
  parseObjectId,
  parsePath,
  patchOf,
  timeFromMs,
  type UserId,
  type Value,
} from '@weft/core';
import { CLOSE_CODES, encodeWirePatch, PoseWriter, quantisePose } from '@weft/protocol';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { attack } from './attack.ts';
import { ALICE, AttackedRelay, BOB, VICTOR } from './attacked-relay.ts';
import { MoverClient } from './mover-client.ts';

const UPRIGHT = [0, 0, 0, 1] as const;
/** Worlds reach so far from their middle. */
const EDGE_METRES = 4_096;
const CHAIRS = Array.from({ length: 80 }, (_, at) => parseObjectId(`chair-${at}`));
const SEAT = parseObjectId('seat');

let relay: AttackedRelay;
/** Two who are not to notice: one walks, the other looks. */
let alice: MoverClient;
let bob: MoverClient;
let steps = 0;

beforeAll(async () => {
  relay = await AttackedRelay.start({ room: { leaseMs: 3_000 } });
  alice = await MoverClient.enter(relay, ALICE);
  bob = await MoverClient.enter(relay, BOB);
  write(alice, [
    ...CHAIRS.map((id) => [id, 'interact.grabbable', true] as const),
    [SEAT, 'seat.label', 'Rest'],
  ]);
  await alice.lane.next('ack');
});

afterAll(() => relay.stop());

afterEach(async () => {
  expect(relay.isAlive).toBe(true);
  expect(relay.errors).toBe('');
  await walks();
});

let writes = 0;

function write(
  by: MoverClient,
  entries: readonly (readonly [ReturnType<typeof parseObjectId>, string, Value])[],
  n = 1,
): void {
  writes += 1;
  const stamp = { time: timeFromMs(Date.now() + writes), actor: by.actor };
  const registers = entries.map(([id, path, value]) => ({
    id,
    path: parsePath(path),
    register: { value, stamp },
  }));
  by.lane.send({ type: 'patch-up', n, patch: encodeWirePatch(patchOf({ registers })) });
}

/** An honest step of one is seen by the other. @returns how long that took, in milliseconds */
async function walks(): Promise<number> {
  steps += 1;
  const x = steps / 8;
  const from = performance.now();
  alice.stand(x);
  await bob.until(() => bob.toldOf(alice).some(({ pose }) => pose.body.position[0] === x));
  return performance.now() - from;
}

const place = (x: number) => quantisePose({ body: { position: [x, 0, 0], rotation: UPRIGHT } });

/** Until the relay took all that was sent, or closed the socket. */
async function settled(client: MoverClient): Promise<number | null> {
  const code = await Promise.race([
    client.lane.roundTripMs().then(() => null),
    client.lane.socket.closed.then((closed) => closed.code),
  ]);
  return code;
}

attack('poses-of-nothing', 'MO5', async () => {
  let closed = 0;
  let taken = 0;
  const whole = new PoseWriter().write([{ handle: 1, pose: place(1), ageMs: 0 }]);
  const seen: number[] = [];
  for (let at = 0; at < 120; at += 1) {
    const victor = await MoverClient.enter(relay, VICTOR);
    const updates = new PoseWriter().write([{ handle: victor.handle, pose: place(1), ageMs: 0 }]);
    const bytes = [
      Uint8Array.from(updates, (byte, index) =>
        index === at % updates.length ? byte ^ (1 << (at % 8)) : byte,
      ),
      updates.subarray(0, at % updates.length),
      Uint8Array.from({ length: 1 + (at % 60) }, (_, index) => (at * 31 + index * 17) & 0xff),
      Uint8Array.from(updates, () => 0xff),
    ][at % 4];
    victor.say(bytes ?? whole);
    const code = await settled(victor);
    if (code === null) taken += 1;
    else {
      expect(code).toBe(CLOSE_CODES.malformed);
      closed += 1;
    }
    seen.push(...bob.toldOf(victor).flatMap(({ pose }) => [...pose.body.position, ...pose.body.rotation]));
    victor.lane.socket.ws.close();
    await victor.lane.socket.closed;
  }
  for (const number of seen) expect(Math.abs(number)).toBeLessThanOrEqual(EDGE_METRES);
  expect(closed + taken).toBe(120);
  expect(closed).toBeGreaterThan(60);
  return `${closed} closed with 4400, ${taken} taken for what they say, all of it within the world`;
});

attack('foreign-mover', 'MO6', async () => {
  const codes: (number | null)[] = [];
  for (const handle of [alice.handle, bob.handle, 4_000_000]) {
    const victor = await MoverClient.enter(relay, VICTOR);
    victor.stand(9, 9, { handle });
    codes.push(await settled(victor));
    victor.lane.socket.ws.close();
    await victor.lane.socket.closed;
  }
  expect(codes).toEqual([CLOSE_CODES.malformed, CLOSE_CODES.malformed, CLOSE_CODES.malformed]);
  const gone = await MoverClient.enter(relay, VICTOR);
  const former = gone.handle;
  gone.lane.send({ type: 'mover-up', want: 'leave', parts: 0 });
  gone.stand(9, 9, { handle: former });
  expect(await settled(gone)).toBeNull();
  gone.lane.socket.ws.close();
  await walks();
  const moved = bob.toldOf(alice).filter(({ pose }) => pose.body.position[2] === 9);
  expect(moved).toEqual([]);
  return `${codes.length} of ${codes.length} closed with 4400; for one that is gone passed over; nobody moved`;
});

attack('pose-flood', 'MO5', async () => {
  const victor = await MoverClient.enter(relay, VICTOR);
  const from = Date.now();
  for (let sent = 0; sent < 1_000; sent += 1) victor.stand(sent / 100);
  let worst = 0;
  while (Date.now() - from < 1_000) worst = Math.max(worst, await walks());
  const told = bob.toldOf(victor).length;
  victor.lane.socket.ws.terminate();
  expect(told).toBeLessThanOrEqual(40);
  expect(worst).toBeLessThan(1_000);
  return `${told} told in a second; a step of somebody else was seen after at most ${Math.round(worst)} ms`;
});

attack('pose-clocks', 'MO5', async () => {
  const victor = await MoverClient.enter(relay, VICTOR);
  const hours = [5, -7, 0.002, -1, 12, 0];
  for (const [at, off] of hours.entries()) {
    victor.stand(20 + at, 0, { atMs: Date.now() + off * 3_600_000 });
    await bob.until(() => bob.toldOf(victor).some(({ pose }) => pose.body.position[0] === 20 + at));
  }
  const told = bob.toldOf(victor);
  const oldest = Math.max(...told.map(({ ageMs }) => ageMs));
  const youngest = Math.min(...told.map(({ ageMs }) => ageMs));
  const late = await walks();
  victor.lane.socket.ws.close();
  expect(youngest).toBeGreaterThanOrEqual(-50);
  expect(oldest).toBeLessThan(2_500);
  expect(late).toBeLessThan(1_000);
  return `${told.length} told, at most ${(oldest / 1000).toFixed(1)} s old and none from the future; others were on time`;
});

attack('teleports', 'MO5', async () => {
  const victor = await MoverClient.enter(relay, VICTOR);
  let worst = 0;
  for (let jump = 0; jump < 40; jump += 1) {
    victor.stand(jump % 2 === 0 ? 4_000 : -4_000, jump % 3 === 0 ? 4_000 : -4_000, {
      teleported: jump % 4 < 2,
    });
    worst = Math.max(worst, await walks());
  }
  await victor.lane.roundTripMs();
  victor.lane.socket.ws.close();
  for (const { pose } of bob.toldOf(victor))
    expect(Math.abs(pose.body.position[0])).toBeLessThanOrEqual(EDGE_METRES);
  expect(worst).toBeLessThan(1_000);
  return `the relay lives; a step of somebody else was seen after at most ${Math.round(worst)} ms`;
});

attack('kept-leases', 'RL11', async () => {
  const victor = await MoverClient.enter(relay, VICTOR);
  let given = 0;
  for (const [at, object] of CHAIRS.entries()) {
    victor.lane.send({ type: 'lease-up', n: at + 1, object, want: 'take', priority: 255 });
    if ((await victor.lane.next('lease-answer')).ok) given += 1;
  }
  const from = Date.now();
  const [first = SEAT] = CHAIRS;
  const freed = () =>
    bob.lane
      .frames()
      .some((frame) => frame.type === 'lease-down' && frame.object === first && frame.holder === 0);
  bob.lane.send({ type: 'lease-up', n: 1, object: first, want: 'take', priority: 0 });
  expect((await bob.lane.next('lease-answer')).ok).toBe(false);
  await bob.until(freed);
  const heldMs = Date.now() - from;
  bob.lane.send({ type: 'lease-up', n: 2, object: first, want: 'take', priority: 0 });
  expect((await bob.lane.next('lease-answer')).ok).toBe(true);
  victor.lane.socket.ws.close();
  expect(given).toBe(64);
  expect(heldMs).toBeLessThan(10_000);
  return `${given} of ${CHAIRS.length} given; free again after ${(heldMs / 1000).toFixed(1)} s where a lease is for 3`;
});

attack('silent-avatar', 'MO2', async () => {
  const victor = await MoverClient.enter(relay, VICTOR);
  victor.stand(2);
  await bob.until(() => bob.toldOf(victor).length > 0);
  victor.lane.socket.ws.pause();
  const from = performance.now();
  await bob.until(() => {
    bob.read();
    return ![...bob.movers.values()].some(({ session }) => session === victor.session);
  });
  const ms = performance.now() - from;
  victor.lane.socket.ws.terminate();
  expect(ms).toBeLessThan(3_000);
  return `gone after ${(ms / 1000).toFixed(1)} s`;
});

attack('seat-robber', 'AV24', async () => {
  const victor = await MoverClient.enter(relay, VICTOR);
  write(alice, [[SEAT, OCCUPANT_PATH, ALICE]], 2);
  await alice.lane.next('ack');
  const tries: readonly (UserId | null)[] = [VICTOR, null, BOB];
  const codes: string[] = [];
  for (const [at, occupant] of tries.entries()) {
    write(victor, [[SEAT, OCCUPANT_PATH, occupant]], at + 1);
    codes.push((await victor.lane.next('reject')).problems[0]?.code ?? '');
  }
  victor.lane.socket.ws.close();
  expect(codes).toEqual(['held', 'read-only', 'read-only']);
  return `${codes.length} of ${codes.length} refused (${[...new Set(codes)].join(', ')})`;
});
