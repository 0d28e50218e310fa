import {
  type ActorId,
  MAX_TIME_TICKS,
  type Patch,
  parseObjectId,
  parsePath,
  parseTime,
  patchOf,
  type Time,
  timeFromMs,
  type Value,
} from '@weft/core';
import { CLOSE_CODES, DOWN_FRAMES, encodeFrame, encodeWirePatch, type UpFrame } from '@weft/protocol';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { attack } from './attack.ts';
import { ALICE, AttackedRelay, BOB, VICTOR } from './attacked-relay.ts';
import { LaneClient } from './lane-client.ts';
import { OPCODE, RawPeer } from './raw-peer.ts';

const MIB = 1024 * 1024;

let relay: AttackedRelay;
/** Builders, who are not to notice. */
let alice: LaneClient;
let aliceActor: ActorId;

beforeAll(async () => {
  relay = await AttackedRelay.start({
    // The writer of the slow reader's case is no flood.
    limits: { bytesPerSecond: 256 * MIB, byteBurst: 256 * MIB },
  });
  const hello = await relay.hello(ALICE);
  aliceActor = hello.actor;
  alice = await LaneClient.enter(relay, hello);
});

afterAll(() => relay.stop());

afterEach(() => {
  expect(relay.isAlive).toBe(true);
  expect(relay.errors).toBe('');
});

let lastMs = 0;

/** Times of honest clients grow. */
function nextTime(): Time {
  lastMs = Math.max(lastMs + 1, Date.now());
  return timeFromMs(lastMs);
}

/** Objects by name, each with this text, as an actor writes them. */
function edit(actor: ActorId, names: readonly string[], value: Value, time = nextTime()): Patch {
  const path = parsePath('node.name');
  return patchOf({
    registers: names.map((name) => ({
      id: parseObjectId(name),
      path,
      register: { value, stamp: { time, actor } },
    })),
  });
}

function patchUp(n: number, patch: Patch): UpFrame {
  return { type: 'patch-up', n, patch: encodeWirePatch(patch) };
}

async function enter(user: typeof BOB): Promise<{ client: LaneClient; actor: ActorId }> {
  const hello = await relay.hello(user);
  return { client: await LaneClient.enter(relay, hello), actor: hello.actor };
}

async function figure(name: string): Promise<number> {
  const text = await (await fetch(`${relay.httpUrl}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1) ?? 0);
}

const SLOW = 'weft_relay_closes_total{code="4508",by="relay"}';
const PATCHES = 160;
const OBJECTS = Array.from({ length: 40 }, (_, at) => `slow-${at}`);

attack('slow-reader', 'RE10', async () => {
  const [slow, bob] = [await enter(VICTOR), await enter(BOB)];
  const reader = await enter(VICTOR);
  slow.client.socket.ws.pause();
  let most = 0;
  for (let n = 1; n <= PATCHES; n += 1) {
    bob.client.send(patchUp(n, edit(bob.actor, OBJECTS, `${n}`.padEnd(3900, '.'))));
    await bob.client.next('ack');
    if (n % 5 === 0) most = Math.max(most, await figure('weft_relay_most_queued_bytes'));
  }
  for (let seen = 0; seen < PATCHES; seen += 1) await reader.client.next('patch-down');
  expect(await figure(SLOW)).toBe(1);
  expect(most).toBeGreaterThan(MIB);
  expect(most).toBeLessThan(9 * MIB);
  slow.client.socket.ws.resume();
  await slow.client.socket.closed;
  return `at most ${(most / MIB).toFixed(1)} MiB waited, closed with 4508; the other reader got ${PATCHES} of ${PATCHES}`;
});

attack('frame-flood', 'RE6', async () => {
  const { client } = await enter(VICTOR);
  const frame = encodeFrame({ type: 'clock-up', at: 1 });
  for (let sent = 0; sent < 5000; sent += 1) client.socket.send(frame);
  let worst = 0;
  let isOver = false;
  const closed = client.socket.closed.finally(() => {
    isOver = true;
  });
  while (!isOver) worst = Math.max(worst, await alice.roundTripMs());
  expect((await closed).code).toBe(CLOSE_CODES.tooMany);
  expect(worst).toBeLessThan(1000);
  return `closed with 4429; the other waited at most ${Math.round(worst)} ms`;
});

attack('ping-flood', 'RE6', async () => {
  const peer = await RawPeer.upgrade(relay.port);
  await peer.send({ opcode: OPCODE.binary, payload: encodeFrame(await relay.hello(VICTOR)) });
  await peer.until((text) => text.includes('\r\n\r\n\x82'));
  const before = await relay.memory();
  peer.socket.pause();
  const flooded = peer.flood({ opcode: OPCODE.ping, payload: new Uint8Array(125) }, 100_000);
  await flooded;
  const grown = (await relay.memory()) - before;
  peer.socket.resume();
  await peer.ended;
  expect(grown).toBeLessThan(16 * MIB);
  expect(await alice.roundTripMs()).toBeLessThan(1000);
  return `closed, memory grew by ${Math.max(0, grown / MIB).toFixed(1)} MiB`;
});

attack('visitor-writes', 'RE10', async () => {
  const before = await relay.applied();
  const heard = alice.socket.messages.length;
  const object = parseObjectId('by-a-visitor');
  const { client, actor } = await enter(VICTOR);
  const patch = edit(actor, [object], 'mine');
  const writes: readonly UpFrame[] = [
    patchUp(1, patch),
    { type: 'lease-up', n: 2, object: parseObjectId('slow-1'), want: 'take', priority: 255 },
    { type: 'retract-up', patch: encodeWirePatch(edit(aliceActor, OBJECTS, 'gone')) },
    { type: 'document-up', object, bytes: Uint8Array.of(0, 0, 1, 0) },
  ];
  client.send(writes[0] ?? { type: 'digest-up' });
  expect((await client.next('reject')).n).toBe(1);
  for (const write of writes.slice(1)) {
    const one = await enter(VICTOR);
    one.client.send(write.type === 'lease-up' ? { ...write, n: 1 } : write);
    one.client.send({ type: 'clock-up', at: 1 });
    await Promise.race([one.client.next('clock'), one.client.socket.closed]);
    one.client.socket.ws.close();
  }
  client.socket.ws.close();
  await alice.roundTripMs();
  expect(await relay.applied()).toBe(before);
  const patchDown = DOWN_FRAMES.find(({ type }) => type === 'patch-down')?.byte;
  expect(alice.socket.messages.slice(heard).filter(([first]) => first === patchDown)).toEqual([]);
  return `${writes.length} of ${writes.length} came to nothing, nobody heard of it`;
});

attack('forged-author', 'RE10', async () => {
  const before = await relay.applied();
  const bob = await enter(BOB);
  bob.client.send(patchUp(1, edit(aliceActor, ['by-another'], 'forged')));
  const answer = await Promise.race([bob.client.next('reject'), bob.client.socket.closed]);
  const stolen = await relay.hello(BOB, { actor: aliceActor });
  const entered = await LaneClient.enter(relay, stolen).then(
    () => 'welcome',
    (error: Error) => error.message,
  );
  expect(entered).toContain(`closed with ${CLOSE_CODES.replaced}`);
  expect(await relay.applied()).toBe(before);
  expect(await alice.roundTripMs()).toBeGreaterThan(0);
  return `the edit ${'code' in answer ? `closed with ${answer.code}` : 'was rejected'}, the hello closed with 4409, nothing applied`;
});

attack('from-the-future', 'RE10', async () => {
  const before = await relay.applied();
  const bob = await enter(BOB);
  const answers: string[] = [];
  const times = [timeFromMs(Date.now() + 3_600_000), parseTime(MAX_TIME_TICKS)];
  for (const [at, time] of times.entries()) {
    bob.client.send(patchUp(at + 1, edit(bob.actor, ['too-early'], 'later', time)));
    const answer = await Promise.race([bob.client.next('reject'), bob.client.socket.closed]);
    answers.push('code' in answer ? `closed with ${answer.code}` : (answer.problems[0]?.code ?? 'rejected'));
  }
  expect(answers.length).toBe(2);
  expect(await relay.applied()).toBe(before);
  return `refused (${[...new Set(answers)].join(', ')}), nothing applied`;
});
