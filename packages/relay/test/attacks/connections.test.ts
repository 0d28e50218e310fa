import { CLOSE_CODES, encodeFrame, MAX_HELLO_BYTES, type UpFrame } from '@weft/protocol';
import { afterEach, expect } from 'vitest';
import { ClientSocket } from '../edge/client-socket.ts';
import { attack, IS_FOR_PAGE } from './attack.ts';
import { AttackedRelay } from './attacked-relay.ts';
import { LaneClient } from './lane-client.ts';
import { OPCODE, type PeerEnd, RawPeer } from './raw-peer.ts';

const KIB = 1024;
/** What a silent connection may cost. */
const MAX_SILENT_BYTES = 64 * KIB;
/** A machine that does other things too may take as long again. */
const PATIENCE = IS_FOR_PAGE ? 1 : 2;
const CLOSED_WITHIN_MS = 5000 * PATIENCE;
const SILENT_WITHIN_MS = 6000 * PATIENCE;
const BODY_WITHIN_MS = 3000 * PATIENCE;
const CROWD = { limits: { socketsPerAddress: 5000, unheardSockets: 5000 } };

let relay: AttackedRelay | null = null;

async function start(settings = {}): Promise<AttackedRelay> {
  relay = await AttackedRelay.start(settings);
  return relay;
}

afterEach(async () => {
  expect(relay?.isAlive).toBe(true);
  expect(relay?.errors).toBe('');
  await relay?.stop();
  relay = null;
});

const many = <T>(count: number, make: () => Promise<T>): Promise<readonly T[]> =>
  Promise.all(Array.from({ length: count }, make));

function slowest(ends: readonly PeerEnd[]): number {
  return Math.max(...ends.map(({ afterMs }) => afterMs));
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

async function costOf(target: AttackedRelay, count: number, open: () => Promise<unknown>): Promise<number> {
  const before = await target.memory();
  await many(count, open);
  return ((await target.memory()) - before) / count;
}

attack('silent-connections', 'RE2', async () => {
  const target = await start(CROWD);
  const peers: RawPeer[] = [];
  const bytes = await costOf(target, 1000, async () => peers.push(await RawPeer.connect(target.port)));
  const ends = await Promise.all(peers.map(({ ended }) => ended));
  expect(slowest(ends)).toBeLessThan(CLOSED_WITHIN_MS);
  expect(bytes).toBeLessThan(MAX_SILENT_BYTES);
  return `1,000 of 1,000 closed within ${seconds(slowest(ends))}; ${Math.round(bytes / KIB)} KiB each`;
});

attack('silent-sockets', 'RE9', async () => {
  const target = await start(CROWD);
  const honest = await LaneClient.enter(target);
  const peers: RawPeer[] = [];
  const bytes = await costOf(target, 1000, async () => peers.push(await RawPeer.upgrade(target.port)));
  let isOver = false;
  const trips: number[] = [];
  const working = (async () => {
    while (!isOver) trips.push(await honest.roundTripMs());
  })();
  const ends = await Promise.all(peers.map(({ ended }) => ended));
  isOver = true;
  await working;
  const codes = new Set(ends.map(({ code }) => code));
  expect(codes).toEqual(new Set([CLOSE_CODES.silent]));
  expect(slowest(ends)).toBeLessThan(SILENT_WITHIN_MS);
  expect(bytes).toBeLessThan(MAX_SILENT_BYTES);
  const worst = Math.max(...trips);
  expect(worst).toBeLessThan(1000);
  return `1,000 of 1,000 closed with 4408 within ${seconds(slowest(ends))}; ${Math.round(bytes / KIB)} KiB each; the other waited at most ${Math.round(worst)} ms of ${trips.length} times`;
});

attack('dripping-headers', 'RE2', async () => {
  const target = await start();
  const drip = 'GET /v1/lane HTTP/1.1\r\nHost: localhost\r\nX-Slow: '.padEnd(400, 'x');
  const ends = await many(200, async () => {
    const peer = await RawPeer.connect(target.port);
    const end = await peer.drip(drip, 50);
    expect(peer.text.startsWith('HTTP/1.1 408') || peer.text === '').toBe(true);
    return end;
  });
  expect(slowest(ends)).toBeLessThan(CLOSED_WITHIN_MS);
  return `200 of 200 closed within ${seconds(slowest(ends))}`;
});

attack('dripping-body', 'RE15', async () => {
  const target = await start({ limits: { requestMs: 2000, headersMs: 1000 } });
  const head = 'POST /v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{"ticket":"';
  const ends = await many(100, async () => {
    const peer = await RawPeer.connect(target.port);
    await peer.write(head);
    return peer.drip('x'.repeat(1000), 50);
  });
  expect(slowest(ends)).toBeLessThan(BODY_WITHIN_MS);
  return `100 of 100 closed within ${seconds(slowest(ends))}`;
});

attack('crowd-of-one', 'RE2', async () => {
  const target = await start();
  const opened = await many(300, () =>
    ClientSocket.open(target.laneUrl).then(
      () => true,
      () => false,
    ),
  );
  const open = opened.filter(Boolean).length;
  expect(open).toBe(256);
  return `${open} open, ${opened.length - open} refused`;
});

const EARLY: readonly UpFrame[] = [
  { type: 'clock-up', at: 1 },
  { type: 'digest-up' },
  { type: 'presence-up', state: null },
  { type: 'bye-up', code: 1000, reason: '' },
];

attack('frames-before-hello', 'RE9', async () => {
  const target = await start();
  const before = await target.applied();
  const codes = await Promise.all(
    EARLY.map(async (frame) => {
      const socket = await ClientSocket.open(target.laneUrl);
      for (let sent = 0; sent < 50; sent += 1) socket.send(encodeFrame(frame));
      return (await socket.closed).code;
    }),
  );
  expect(new Set(codes)).toEqual(new Set([CLOSE_CODES.unauthenticated]));
  expect(await target.applied()).toBe(before);
  return `${codes.length} of ${EARLY.length} kinds closed with 4401, nothing applied`;
});

attack('endless-hello', 'RE9', async () => {
  const target = await start();
  const [whole, pieces, pings] = [
    await RawPeer.upgrade(target.port),
    await RawPeer.upgrade(target.port),
    await RawPeer.upgrade(target.port),
  ];
  const piece = { payload: new Uint8Array(KIB), fin: false };
  await whole.send({ opcode: OPCODE.binary, payload: new Uint8Array(100 * KIB), claimedLength: KIB * KIB });
  await pieces.send({ opcode: OPCODE.binary, ...piece });
  await pieces.flood({ opcode: OPCODE.continuation, ...piece }, KIB);
  await pings.flood({ opcode: OPCODE.pong, payload: new Uint8Array(120) }, 8 * KIB);
  const ends = await Promise.all([whole.ended, pieces.ended, pings.ended]);
  expect(ends.map(({ code }) => code)).toEqual(ends.map(() => CLOSE_CODES.tooLarge));
  // At the bound a hello is read, and found to be none.
  const bound = await ClientSocket.open(target.laneUrl);
  bound.send(new Uint8Array(MAX_HELLO_BYTES).fill(0xff));
  expect((await bound.closed).code).toBe(CLOSE_CODES.malformed);
  return '3 of 3 closed with 4413';
});
