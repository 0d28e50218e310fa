import { deflateRawSync } from 'node:zlib';
import { CLOSE_CODES, DOWN_FRAMES, encodeFrame, type UpFrame } from '@weft/protocol';
import { SeededRandom } from '@weft/testing';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { INTERNAL_ERROR } from '../../src/server/close-reason.ts';
import { attack } from './attack.ts';
import { AttackedRelay, BOB, VICTOR } from './attacked-relay.ts';
import { LaneClient } from './lane-client.ts';
import { OPCODE, type RawFrame, RawPeer } from './raw-peer.ts';

const MIB = 1024 * 1024;
const MAX_GROWTH_BYTES = 16 * MIB;
const ABNORMAL = 1006;

let relay: AttackedRelay;
/** Somebody who works there all the while, and is not to notice. */
let honest: LaneClient;

beforeAll(async () => {
  relay = await AttackedRelay.start({
    room: { maxSessionsPerUser: 1000, maxPeople: 2000 },
    limits: { socketsPerAddress: 5000 },
  });
  honest = await LaneClient.enter(relay, await relay.hello(BOB));
});

afterAll(() => relay.stop());

afterEach(async () => {
  expect(relay.isAlive).toBe(true);
  expect(relay.errors).toBe('');
  expect(await honest.roundTripMs()).toBeLessThan(5000);
});

/** A socket that said hello like anybody, and speaks WebSocket by hand from then on. */
async function enterByHand(headers = ''): Promise<RawPeer> {
  const peer = await RawPeer.upgrade(relay.port, headers);
  const before = peer.text.length;
  await peer.send({ opcode: OPCODE.binary, payload: encodeFrame(await relay.hello(VICTOR)) });
  await peer.until((text) => text.length > before);
  return peer;
}

async function growthOf(run: () => Promise<void>): Promise<number> {
  const before = await relay.memory();
  await run();
  return (await relay.memory()) - before;
}

const mib = (bytes: number): string => `${Math.max(0, bytes / MIB).toFixed(1)} MiB`;

attack('giant-frame', 'RE10', async () => {
  const codes: (number | null)[] = [];
  const payload = new Uint8Array(MIB);
  const grown = await growthOf(async () => {
    for (const peer of [await RawPeer.upgrade(relay.port), await enterByHand()]) {
      void (async () => {
        await peer.send({ opcode: OPCODE.binary, payload, claimedLength: 100 * MIB });
        for (let sent = 1; sent < 100; sent += 1) await peer.write(payload);
      })();
      codes.push((await peer.ended).code);
    }
  });
  expect(codes[0] === 1009 || codes[0] === CLOSE_CODES.tooLarge).toBe(true);
  expect(codes[1]).toBe(1009);
  expect(grown).toBeLessThan(MAX_GROWTH_BYTES);
  return `closed with ${codes.join(' and ')}, memory grew by ${mib(grown)}`;
});

attack('tiny-fragments', 'RE10', async () => {
  let code: number | null = null;
  const grown = await growthOf(async () => {
    const peer = await enterByHand();
    await peer.send({ opcode: OPCODE.binary, payload: new Uint8Array(1), fin: false });
    await peer.flood({ opcode: OPCODE.continuation, payload: new Uint8Array(1), fin: false }, 131_072);
    code = (await peer.ended).code;
  });
  expect(code).toBe(1008);
  expect(grown).toBeLessThan(MAX_GROWTH_BYTES);
  // As many as are allowed make a message like any other.
  const bound = await enterByHand();
  const clock = encodeFrame({ type: 'clock-up', at: 1 });
  const before = bound.text.length;
  await bound.send({ opcode: OPCODE.binary, payload: clock.subarray(0, 1), fin: false });
  for (let piece = 2; piece < 256; piece += 1) await bound.send({ opcode: OPCODE.continuation, fin: false });
  await bound.send({ opcode: OPCODE.continuation, payload: clock.subarray(1) });
  await bound.until((text) => text.length > before);
  return `closed with 1008, memory grew by ${mib(grown)}`;
});

attack('dripped-frame', 'RE10', async () => {
  const peer = await enterByHand();
  // How many bytes share a chunk is the system's choice: there are enough for any.
  await peer.send({ opcode: OPCODE.binary, claimedLength: MIB });
  const sent = await peer.trickle(MIB - 1);
  expect((await peer.ended).code).toBe(1008);
  expect(sent).toBeGreaterThanOrEqual(4096);
  return 'closed with 1008';
});

attack('deflate-bomb', 'RE10', async () => {
  const peer = await enterByHand('Sec-WebSocket-Extensions: permessage-deflate\r\n');
  expect(peer.text.toLowerCase()).not.toContain('sec-websocket-extensions');
  const bomb = deflateRawSync(new Uint8Array(64 * MIB));
  const grown = await growthOf(async () => {
    await peer.send({ opcode: OPCODE.binary, payload: bomb, reserved: 4 });
    expect((await peer.ended).code).toBe(1002);
  });
  expect(grown).toBeLessThan(MAX_GROWTH_BYTES);
  return `not accepted; ${Math.round(bomb.length / 1024)} KiB closed with 1002, memory grew by ${mib(grown)}`;
});

const BAD_FRAMING: readonly RawFrame[] = [
  { opcode: OPCODE.binary, payload: Uint8Array.of(1), isMasked: false },
  { opcode: OPCODE.binary, reserved: 1 },
  { opcode: OPCODE.binary, reserved: 2 },
  { opcode: OPCODE.binary, reserved: 4 },
  { opcode: 3 },
  { opcode: 7 },
  { opcode: 11 },
  { opcode: 15 },
  { opcode: OPCODE.ping, payload: new Uint8Array(126) },
  { opcode: OPCODE.ping, fin: false },
  { opcode: OPCODE.close, payload: Uint8Array.of(3) },
  { opcode: OPCODE.close, payload: Uint8Array.of(0, 0) },
  { opcode: OPCODE.continuation, payload: Uint8Array.of(1) },
];

attack('bad-framing', 'RE10', async () => {
  for (const frame of BAD_FRAMING) {
    for (const peer of [await RawPeer.upgrade(relay.port), await enterByHand()]) {
      await peer.send(frame);
      expect((await peer.ended).code, JSON.stringify(frame)).toBe(1002);
    }
  }
  return `${2 * BAD_FRAMING.length} of ${2 * BAD_FRAMING.length} closed with 1002`;
});

attack('bad-text', 'RE10', async () => {
  const closedWith = async (frame: RawFrame): Promise<number | null> => {
    const peer = await enterByHand();
    await peer.send(frame);
    return (await peer.ended).code;
  };
  const broken = Uint8Array.of(0xc3, 0x28);
  const codes = [
    await closedWith({ opcode: OPCODE.text, payload: broken }),
    await closedWith({ opcode: OPCODE.close, payload: Uint8Array.of(0x03, 0xe8, ...broken) }),
    await closedWith({ opcode: OPCODE.text, payload: new TextEncoder().encode('{}') }),
  ];
  expect(codes).toEqual([1007, 1007, CLOSE_CODES.malformed]);
  return `closed with ${codes.join(', ')}`;
});

const SAMPLES: readonly UpFrame[] = [
  { type: 'clock-up', at: 1 },
  { type: 'presence-up', state: { name: 'Victor', cursor: [0.5, 1, -2] } },
  { type: 'event-up', target: null, name: 'wave', data: { hand: 'left' }, to: null },
  { type: 'bye-up', code: 1000, reason: 'home' },
  { type: 'digest-up' },
];

attack('mutated-frames', 'RE10', async () => {
  const random = new SeededRandom('mutated-frames');
  const before = await relay.applied();
  const codes = new Map<number, number>();
  for (let round = 0; round < 100; round += 1) {
    await Promise.all(
      SAMPLES.map(async (sample) => {
        const client = await LaneClient.enter(relay, await relay.hello(VICTOR));
        client.socket.send(mutated(encodeFrame(sample), random));
        client.socket.ws.close();
        const { code } = await client.socket.closed;
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }),
    );
  }
  expect(codes.has(INTERNAL_ERROR)).toBe(false);
  expect(codes.has(ABNORMAL)).toBe(false);
  expect(await relay.applied()).toBe(before);
  const told = [...codes].toSorted(([a], [b]) => a - b).map(([code, count]) => `${count} × ${code}`);
  return `${told.join(', ')}; nothing applied`;
});

/** A few bytes turned, cut off or put in. */
function mutated(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  const list = [...bytes];
  for (let change = 0; change <= random.uint32() % 3; change += 1) {
    const at = random.uint32() % Math.max(1, list.length);
    const way = random.uint32() % 3;
    if (way === 0) list[at] = random.uint32() & 255;
    else if (way === 1) list.splice(at, 1 + (random.uint32() % 4));
    else list.splice(at, 0, random.uint32() & 255);
  }
  return Uint8Array.from(list);
}

attack('wrong-direction', 'RE10', async () => {
  const before = honest.socket.messages.length;
  for (const { byte, type } of DOWN_FRAMES) {
    const client = await LaneClient.enter(relay, await relay.hello(VICTOR));
    client.socket.send(Uint8Array.of(byte, 0x90));
    expect((await client.socket.closed).code, type).toBe(CLOSE_CODES.malformed);
  }
  // People come and go, and that is all that the other hears.
  expect(await honest.roundTripMs()).toBeGreaterThan(0);
  const heard = new Set(honest.socket.messages.slice(before).map(([first]) => first));
  const expected = DOWN_FRAMES.filter(({ type }) => type === 'people' || type === 'clock').map(
    ({ byte }) => byte,
  );
  expect(heard.isSubsetOf(new Set<number | undefined>(expected))).toBe(true);
  return `${DOWN_FRAMES.length} of ${DOWN_FRAMES.length} kinds closed with 4400, nobody heard of it`;
});
