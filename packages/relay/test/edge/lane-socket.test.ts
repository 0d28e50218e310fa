import { CLOSE_CODES, encodeFrame, MAX_HELLO_BYTES, type UpFrame } from '@weft/protocol';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { INTERNAL_ERROR } from '../../src/server/close-reason.ts';
import { ClientSocket } from './client-socket.ts';
import { ALICE, BOB, type EdgeOptions, EdgeUnderTest, helloFor } from './edge-under-test.ts';
import { newSessionKey } from './session-key.ts';

const BYTES_IN = 'weft_relay_bytes_total{direction="in"}';
const CLOCK_UP: UpFrame = { type: 'clock-up', at: 1 };

let edge: EdgeUnderTest | null = null;

async function open(options: EdgeOptions = {}): Promise<EdgeUnderTest> {
  edge = await EdgeUnderTest.open(options);
  return edge;
}

afterEach(async () => {
  await edge?.close();
  edge = null;
});

describe('saying hello', () => {
  test('[RE9] whose hello holds is in the room, as whom the homeserver vouched for', async () => {
    const relay = await open();
    const { visit, client } = await relay.enter(BOB);
    expect(visit.admitted).toMatchObject({ user: BOB, device: 'DEVICE', memberId: 'member' });
    client.send(encodeFrame(CLOCK_UP));
    await relay.until(() => visit.frames.length === 1);
    expect(visit.frames).toEqual([CLOCK_UP]);
    visit.socket.send(Uint8Array.of(1, 2, 3));
    visit.socket.send(Uint8Array.of(4));
    expect(await client.received(2)).toEqual([Uint8Array.of(1, 2, 3), Uint8Array.of(4)]);
  });

  test('[RE9] who is silent is closed when the time for a hello is over, and not before', async () => {
    const relay = await open();
    const client = await ClientSocket.open(relay.laneUrl);
    await relay.timers.advance(4999);
    expect(client.ws.readyState).toBe(client.ws.OPEN);
    await relay.timers.advance(1);
    expect(await client.closed).toMatchObject({ code: CLOSE_CODES.silent });
  });

  test('[RE9] a hello ends the time for it', async () => {
    const relay = await open();
    const { client } = await relay.enter();
    await relay.timers.advance(9999);
    expect(client.ws.readyState).toBe(client.ws.OPEN);
  });

  test.each([
    ['another frame', encodeFrame(CLOCK_UP), CLOSE_CODES.unauthenticated],
    ['no frame', Uint8Array.of(0xff, 1, 2), CLOSE_CODES.malformed],
    ['nothing', new Uint8Array(0), CLOSE_CODES.malformed],
    ['text', 'hello', CLOSE_CODES.malformed],
    ['a hello cut short', Uint8Array.of(1, 0x9a), CLOSE_CODES.malformed],
    ['what only relays send', encodeFrame({ type: 'draining', inMs: 1 }), CLOSE_CODES.malformed],
    ['junk as large as a hello may be', new Uint8Array(MAX_HELLO_BYTES).fill(0xff), CLOSE_CODES.malformed],
    ['a byte more', new Uint8Array(MAX_HELLO_BYTES + 1).fill(1), CLOSE_CODES.tooLarge],
    ['far more than a hello', new Uint8Array(4 * MAX_HELLO_BYTES).fill(1), CLOSE_CODES.tooLarge],
  ])('[RE9] %s first closes with a code', async (_, bytes, code) => {
    const relay = await open();
    const client = await ClientSocket.open(relay.laneUrl);
    client.send(bytes);
    expect(await client.closed).toMatchObject({ code });
    expect(relay.visits).toEqual([]);
  });

  test('[RE9] there is one hello', async () => {
    const relay = await open();
    const { client, visit } = await relay.enter();
    client.send(relay.hello());
    expect(await client.closed).toMatchObject({ code: CLOSE_CODES.malformed });
    expect(visit.gone).toBe(1);
  });

  test('[RE9] a hello for a world that is not served any more is refused', async () => {
    const relay = await open();
    const client = await ClientSocket.open(relay.laneUrl);
    const key = newSessionKey();
    const ticket = relay.ticketFor(key);
    relay.members.delete(ALICE);
    client.send(encodeFrame(helloFor(relay.edge.url, ticket, key)));
    expect(await client.closed).toMatchObject({ code: CLOSE_CODES.forbidden });
  });

  test('[RE9] a revoked ticket opens nothing', async () => {
    const relay = await open();
    const client = await ClientSocket.open(relay.laneUrl);
    const hello = relay.hello();
    relay.edge.revoke(ALICE, '!plaza:example.org');
    client.send(hello);
    expect(await client.closed).toMatchObject({ code: CLOSE_CODES.unauthenticated });
  });
});

describe('a lane socket', () => {
  test('[RE10] on which a frame fails is closed, and the others go on', async () => {
    const relay = await open({
      onFrame: (_, frame) => {
        if (frame.type === 'digest-up') throw new TypeError('a defect');
      },
    });
    const [bad, good] = [await relay.enter(), await relay.enter(BOB)];
    bad.client.send(encodeFrame({ type: 'digest-up' }));
    expect(await bad.client.closed).toMatchObject({ code: INTERNAL_ERROR });
    good.client.send(encodeFrame(CLOCK_UP));
    await relay.until(() => good.visit.frames.length === 1);
    expect(bad.visit.gone).toBe(1);
    expect(await relay.figure('weft_relay_failures_total{place="frame"}')).toBe(1);
    expect(relay.log.filter(({ level }) => level === 'error').length).toBe(1);
  });

  test('[RE10] is told by its room with which code and reason it closes, the reason cut to what fits', async () => {
    const relay = await open();
    const { client, visit } = await relay.enter();
    visit.socket.close(CLOSE_CODES.slowReader, 'ü'.repeat(200));
    visit.socket.close(CLOSE_CODES.forbidden, 'not heard');
    visit.socket.send(Uint8Array.of(1));
    expect(await client.closed).toEqual({ code: CLOSE_CODES.slowReader, reason: 'ü'.repeat(61) });
    expect(client.messages).toEqual([]);
    expect(visit.gone).toBe(1);
  });

  test('[RE10] that its client leaves, or loses, has left its room once', async () => {
    const relay = await open();
    const [leaves, loses] = [await relay.enter(), await relay.enter()];
    leaves.client.ws.close(1000, 'bye');
    loses.client.ws.terminate();
    await relay.until(() => leaves.visit.gone + loses.visit.gone === 2);
    loses.visit.socket.send(Uint8Array.of(1));
    loses.visit.socket.close(1000, '');
    expect([leaves.visit.gone, loses.visit.gone]).toEqual([1, 1]);
  });

  test('[RE10] whose peer does not close its side is cut after two seconds', async () => {
    const relay = await open();
    const { client, visit } = await relay.enter();
    client.ws.pause();
    visit.socket.close(CLOSE_CODES.forbidden, 'kicked');
    expect(await relay.figure('weft_relay_sockets{state="open"}')).toBe(1);
    await relay.timers.advance(2000);
    client.ws.resume();
    expect(await client.closed).toMatchObject({ code: CLOSE_CODES.forbidden });
  });

  test('[RE11] that is quiet and answers pings stays; one that is silent is given up within 30 s', async () => {
    const relay = await open();
    const [there, gone] = [await relay.enter(), await relay.enter()];
    // As when a cable is pulled: nothing is answered, nothing is closed.
    gone.client.ws.pause();
    for (let elapsedMs = 0; elapsedMs < 30_000 && gone.visit.gone === 0; elapsedMs += 10_000) {
      const before = await relay.figure(BYTES_IN);
      await relay.timers.advance(10_000);
      // The answer to the ping has to arrive before the clock goes on.
      await vi.waitFor(async () => expect(await relay.figure(BYTES_IN)).toBeGreaterThan(before));
    }
    expect([gone.visit.gone, there.visit.gone]).toEqual([1, 0]);
    expect(there.client.ws.readyState).toBe(there.client.ws.OPEN);
  });

  test('[MO2] tells for how long it was quiet, and answers a ping though its program does nothing', async () => {
    const relay = await open();
    const [there, gone] = [await relay.enter(), await relay.enter()];
    gone.client.ws.pause();
    const before = await relay.figure(BYTES_IN);
    await relay.timers.advance(1_000);
    expect([there, gone].map(({ visit }) => visit.socket.quietMs)).toEqual([1_000, 1_000]);
    for (const { visit } of [there, gone]) visit.socket.ping();
    await vi.waitFor(async () => expect(await relay.figure(BYTES_IN)).toBeGreaterThan(before));
    expect([there, gone].map(({ visit }) => visit.socket.quietMs)).toEqual([0, 1_000]);
  });

  test('[MO2] is not quiet while it is the relay that does not read', async () => {
    const relay = await open({ settings: { limits: { framesPerSecond: 1, frameBurst: 5 } } });
    const { client, visit } = await relay.enter();
    client.atOnce(() => {
      for (let sent = 0; sent < 8; sent += 1) client.send(encodeFrame(CLOCK_UP));
    });
    await relay.until(() => visit.frames.length >= 5);
    await relay.timers.advance(900);
    expect(visit.socket.quietMs).toBe(0);
  });

  test('[RE6] that sends more than its rate is read more slowly, and nothing of it is lost', async () => {
    const relay = await open({ settings: { limits: { framesPerSecond: 10, frameBurst: 50 } } });
    const { client, visit } = await relay.enter();
    const frame = encodeFrame(CLOCK_UP);
    client.atOnce(() => {
      for (let sent = 0; sent < 60; sent += 1) client.send(frame);
    });
    await relay.until(() => visit.frames.length === 60);
    expect(await relay.figure('weft_relay_paused_reads_total')).toBe(1);
    client.send(frame);
    await relay.timers.advance(900);
    expect(visit.frames.length).toBe(60);
    await relay.timers.advance(100);
    await relay.until(() => visit.frames.length === 61);
  });

  test('[RE6] that floods is closed, and nobody else', async () => {
    const relay = await open({ settings: { limits: { framesPerSecond: 10, frameBurst: 50 } } });
    const [flood, other] = [await relay.enter(), await relay.enter(BOB)];
    const frame = encodeFrame(CLOCK_UP);
    flood.client.atOnce(() => {
      for (let sent = 0; sent < 1000; sent += 1) flood.client.send(frame);
    });
    expect(await flood.client.closed).toMatchObject({ code: CLOSE_CODES.tooMany });
    expect(flood.visit.frames.length).toBeLessThanOrEqual(101);
    other.client.send(frame);
    await relay.until(() => other.visit.frames.length === 1);
  });

  test('[RE6] pings count like frames', async () => {
    const relay = await open({ settings: { limits: { framesPerSecond: 10, frameBurst: 20 } } });
    const { client } = await relay.enter();
    client.atOnce(() => {
      for (let sent = 0; sent < 50; sent += 1) client.ws.ping();
    });
    expect(await client.closed).toMatchObject({ code: CLOSE_CODES.tooMany });
  });
});

describe('connections', () => {
  const status = (relay: EdgeUnderTest, options = {}): Promise<string> =>
    ClientSocket.open(relay.laneUrl, options).then(
      () => 'open',
      (error: Error) => error.message,
    );

  test('[RE2] are as many as an address may have', async () => {
    const relay = await open({ settings: { limits: { socketsPerAddress: 2 } } });
    expect(await status(relay)).toBe('open');
    expect(await status(relay)).toBe('open');
    expect(await status(relay)).not.toBe('open');
    expect(await relay.figure('weft_relay_rejected_total{reason="address"}')).toBe(1);
  });

  test('[RE2] are counted by client behind a proxy that is trusted', async () => {
    const relay = await open({
      settings: { limits: { socketsPerAddress: 1 }, server: { trustedProxies: ['127.0.0.1', '::1'] } },
    });
    const from = (address: string) => status(relay, { headers: { 'x-forwarded-for': address } });
    expect(await from('203.0.113.7')).toBe('open');
    expect(await from('203.0.113.7')).toBe('Unexpected server response: 429');
    expect(await from('203.0.113.8')).toBe('open');
  });

  test('[RE2] are as many as there may be in all, and as may not have said hello', async () => {
    const relay = await open({ settings: { limits: { sockets: 3, unheardSockets: 1 } } });
    await relay.enter();
    await relay.enter();
    expect(await status(relay)).toBe('open');
    expect(await status(relay)).toBe('Unexpected server response: 503');
    await relay.timers.advance(5000);
    await relay.timers.advance(2000);
    await relay.enter();
    expect(await status(relay)).toBe('Unexpected server response: 503');
  });

  test('[RE7] of pages that may not use the relay are refused', async () => {
    const relay = await open({ settings: { server: { origins: ['https://studio.example.org'] } } });
    expect(await status(relay, { origin: 'https://studio.example.org' })).toBe('open');
    expect(await status(relay, { origin: 'https://evil.example' })).toBe('Unexpected server response: 403');
    expect(await status(relay)).toBe('open');
  });

  test('that ask for anything but the lane are told so', async () => {
    const relay = await open();
    await expect(ClientSocket.open(`${relay.edge.url}/elsewhere`)).rejects.toThrow('404');
  });

  test('[RE12] a relay that drains takes in nobody, tells rooms, and closes who has not said hello', async () => {
    const relay = await open();
    const { client, visit } = await relay.enter();
    const silent = await ClientSocket.open(relay.laneUrl);
    const draining = relay.edge.drain();
    expect(await silent.closed).toMatchObject({ code: CLOSE_CODES.draining });
    expect(relay.drained).toEqual([5000]);
    expect(await status(relay)).toBe('Unexpected server response: 503');
    client.send(encodeFrame(CLOCK_UP));
    await relay.until(() => visit.frames.length === 1);
    client.ws.close();
    await draining;
  });

  test('[RE12] a relay that closes says so to everybody, and listens no more', async () => {
    const relay = await open();
    const { client } = await relay.enter();
    await relay.close();
    expect(await client.closed).toMatchObject({ code: CLOSE_CODES.draining });
    expect(await status(relay)).toContain('ECONNREFUSED');
  });
});
