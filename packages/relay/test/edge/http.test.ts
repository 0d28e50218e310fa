import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { replyJson } from '../../src/server/http-reply.ts';
import type { ServiceHandler } from '../../src/server/service-handler.ts';
import { ALICE, type EdgeOptions, EdgeUnderTest, RELAY, ROOM } from './edge-under-test.ts';
import { newSessionKey } from './session-key.ts';

let edge: EdgeUnderTest | null = null;

async function open(options: EdgeOptions = {}): Promise<EdgeUnderTest> {
  edge = await EdgeUnderTest.open(options);
  return edge;
}

afterEach(async () => {
  await edge?.close();
  edge = null;
});

async function ask(relay: EdgeUnderTest, path: string, init: RequestInit = {}) {
  const response = await fetch(`${relay.httpUrl}${path}`, init);
  const text = await response.text();
  const json: unknown = response.headers.get('content-type')?.startsWith('application/json')
    ? JSON.parse(text)
    : null;
  return { status: response.status, headers: response.headers, text, json };
}

const post = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

async function sessionToken(relay: EdgeUnderTest): Promise<string> {
  const { json } = await ask(relay, '/v1/session', post({ ticket: relay.ticketFor(null) }));
  return String(Object(json).token);
}

const bearer = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } });

describe('health and figures', () => {
  test('[RE13] /healthz says that the process is up, whatever else is wrong', async () => {
    const relay = await open();
    relay.lastAnswerMs = null;
    expect(await ask(relay, '/healthz')).toMatchObject({ status: 200, json: { status: 'ok' } });
  });

  test('[RE13] /readyz does what has to work, and says what does not', async () => {
    let isFull = false;
    const journal = {
      name: 'journal',
      run: () => (isFull ? Promise.reject(new Error('the disk is full')) : Promise.resolve('wrote')),
    };
    const relay = await open({ checks: [journal] });
    expect(await ask(relay, '/readyz')).toMatchObject({
      status: 200,
      json: { status: 'ok', checks: { journal: { ok: true, detail: 'wrote' }, homeserver: { ok: true } } },
    });
    isFull = true;
    await relay.timers.advance(1000);
    expect(await ask(relay, '/readyz')).toMatchObject({
      status: 503,
      json: { status: 'failing', checks: { journal: { ok: false, detail: 'the disk is full' } } },
    });
  });

  test('[RE13] a homeserver that has been away for longer than allowed makes a relay unready', async () => {
    const relay = await open();
    await relay.timers.advance(90_000);
    expect((await ask(relay, '/readyz')).status).toBe(200);
    await relay.timers.advance(1000);
    const { status, json } = await ask(relay, '/readyz');
    expect(status).toBe(503);
    expect(json).toMatchObject({ checks: { homeserver: { ok: false } } });
  });

  test('[RE13] asked often, /readyz writes once a second', async () => {
    let runs = 0;
    const relay = await open({ checks: [{ name: 'journal', run: async () => `${++runs}` }] });
    await Promise.all([1, 2, 3, 4].map(() => ask(relay, '/readyz')));
    await relay.timers.advance(999);
    await ask(relay, '/readyz');
    expect(runs).toBe(1);
    await relay.timers.advance(1);
    await ask(relay, '/readyz');
    expect(runs).toBe(2);
  });

  test('[RE12] a relay that drains is not ready', async () => {
    const relay = await open();
    await relay.edge.drain();
    expect(await ask(relay, '/readyz')).toMatchObject({ status: 503, json: { status: 'draining' } });
  });

  test('[RE14] /metrics is for this machine, and elsewhere for who shows the token', async () => {
    const relay = await open({ metricsToken: 'm3trics' });
    const near = await ask(relay, '/metrics');
    expect(near.status).toBe(200);
    expect(near.text).toContain('weft_relay_sockets{state="open"} 0');
    const viaProxy = { 'x-forwarded-for': '203.0.113.7' };
    expect((await ask(relay, '/metrics', { headers: viaProxy })).status).toBe(401);
    const wrong = { ...viaProxy, authorization: 'Bearer m3tricz' };
    expect((await ask(relay, '/metrics', { headers: wrong })).status).toBe(401);
    const right = { ...viaProxy, authorization: 'Bearer m3trics' };
    expect((await ask(relay, '/metrics', { headers: right })).status).toBe(200);
  });

  test('[RE14] the figures name no path, code or kind that a stranger chose', async () => {
    const relay = await open();
    await ask(relay, '/v1/evil-path');
    await ask(relay, '/evil-path');
    const text = await relay.edge.metrics.text();
    expect(text).not.toContain('evil');
    expect(text).toContain('weft_relay_http_requests_total{route="other",status="404"} 1');
  });

  test('/v1 says what the relay is, and the lane that it is a WebSocket', async () => {
    const relay = await open();
    expect((await ask(relay, '/v1')).json).toEqual({
      type: 'world.weft.relay',
      lane_version: 1,
      url: relay.edge.url,
      user_id: RELAY,
      guests: 'off',
    });
    expect((await ask(relay, '/v1/lane')).status).toBe(426);
  });

  test('a public address with a path is answered with it and without it', async () => {
    const relay = await open({ settings: { server: { publicUrl: 'wss://example.org/weft' } } });
    expect((await ask(relay, '/weft/healthz')).status).toBe(200);
    expect((await ask(relay, '/healthz')).status).toBe(200);
    expect((await ask(relay, '/wefthealthz')).status).toBe(404);
  });
});

describe('sessions of services', () => {
  test('[RE8] a ticket of a service becomes a session, once', async () => {
    const relay = await open();
    const ticket = relay.ticketFor(null);
    const opened = await ask(relay, '/v1/session', post({ ticket }));
    expect(opened).toMatchObject({ status: 201, json: { user_id: ALICE, room_id: ROOM } });
    expect((await ask(relay, '/v1/session', post({ ticket }))).status).toBe(401);
    expect((await ask(relay, '/v1/session', post({ ticket: relay.ticketFor(newSessionKey()) }))).status).toBe(
      401,
    );
  });

  test('[RE8] who shows its token is known to services, until it is ended, revoked or an hour old', async () => {
    const seen: string[] = [];
    const services: ServiceHandler = async ({ path, query, session, response }) => {
      seen.push(`${session.user} ${session.room} ${path} ${query.get('a')}`);
      replyJson(response, 200, {});
      return true;
    };
    const relay = await open({ services });
    const [first, second, third] = [
      await sessionToken(relay),
      await sessionToken(relay),
      await sessionToken(relay),
    ];
    const get = async (token: string) => (await ask(relay, '/v1/worlds/x/query?a=b', bearer(token))).status;
    expect(await get(first)).toBe(200);
    expect(seen).toEqual([`${ALICE} ${ROOM} /worlds/x/query b`]);
    expect((await ask(relay, '/v1/session', { method: 'DELETE', ...bearer(first) })).status).toBe(204);
    expect(await get(first)).toBe(401);
    relay.edge.revoke(ALICE, '!other:example.org');
    expect(await get(second)).toBe(200);
    relay.edge.revoke(ALICE, ROOM);
    expect([await get(second), await get(third)]).toEqual([401, 401]);
    const fourth = await sessionToken(relay);
    await relay.timers.advance(3_600_000);
    expect(await get(fourth)).toBe(401);
  });

  test('[RE4] without a token that holds every world is answered alike', async () => {
    const relay = await open({ services: async () => false });
    const paths = [
      `/v1/worlds/${encodeURIComponent(ROOM)}/query`,
      '/v1/worlds/!none:example.org/query',
      '/v1/nothing',
    ];
    const answers = await Promise.all(
      paths.flatMap((path) => [
        ask(relay, path),
        ask(relay, path, bearer('none')),
        ask(relay, path, bearer('a b')),
      ]),
    );
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(401);
  });

  test.each([
    ['no JSON', '{', 400],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22]).toString('latin1'), 400],
    ['no ticket', {}, 400],
    ['a ticket that is no text', { ticket: 3 }, 400],
    ['something beside it', { ticket: 'x', room: 'y' }, 400],
    ['a ticket that nobody gave', { ticket: 'x' }, 401],
    ['more than a body may hold', { ticket: 'x'.repeat(300_000) }, 413],
  ])('[RE15] %s is refused by name', async (_, body, status) => {
    const relay = await open();
    const answer = await ask(relay, '/v1/session', post(body));
    expect(answer.status).toBe(status);
    expect(Object(answer.json).error.code).toMatch(/^[a-z-]+$/);
  });
});

describe('answers', () => {
  test('[RE15] a route that fails answers 500, tells the log, and the next request is answered', async () => {
    const services: ServiceHandler = () => Promise.reject(new TypeError('secret detail'));
    const relay = await open({ services });
    const token = await sessionToken(relay);
    const answer = await ask(relay, '/v1/worlds/x/query', bearer(token));
    expect(answer).toMatchObject({ status: 500, json: { error: { code: 'defect' } } });
    expect(answer.text).not.toContain('secret');
    expect(relay.log.some(({ level }) => level === 'error')).toBe(true);
    expect((await ask(relay, '/healthz')).status).toBe(200);
  });

  test('[RE7] a browser is told which pages may read', async () => {
    const relay = await open({ settings: { server: { origins: ['https://studio.example.org'] } } });
    const from = (origin: string, init: RequestInit = {}) =>
      ask(relay, '/v1/session', { ...init, headers: { origin } });
    const preflight = await from('https://studio.example.org', { method: 'OPTIONS' });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://studio.example.org');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
    const other = await from('https://evil.example', { method: 'OPTIONS' });
    expect(other.status).toBe(403);
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('[RE15] what is not there is said to be not there, and nothing is a page or kept', async () => {
    const relay = await open();
    for (const path of ['/', '/v1/nothing', '/..%2f..%2fetc/passwd', '//evil.example/v1']) {
      const { status, headers } = await ask(relay, path);
      expect(status).toBe(404);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  test('[RE16] the log holds no token, no ticket and no user id', async () => {
    const relay = await open({ services: () => Promise.reject(new Error('x')) });
    const token = await sessionToken(relay);
    await ask(relay, '/v1/worlds/x', bearer(token));
    const { client } = await relay.enter();
    client.send('text');
    await client.closed;
    const text = JSON.stringify(relay.log);
    expect(text).not.toContain(token);
    expect(text).not.toContain(ALICE);
  });
});

describe('requests', () => {
  test('[RE15] have headers of 8 KiB at most', async () => {
    const relay = await open();
    const withHeaders = (bytes: number) =>
      ask(relay, '/healthz', { headers: { 'x-filler': 'x'.repeat(bytes) } }).then(({ status }) => status);
    expect(await withHeaders(7 * 1024)).toBe(200);
    expect(await withHeaders(8 * 1024)).toBe(431);
  });

  test('[RE2] have 1,024 connections beside those of lanes, and the next one is dropped', async () => {
    const relay = await open({ settings: { limits: { sockets: 1, socketsPerAddress: 5000 } } });
    const knock = async () => {
      const socket = connect(relay.edge.port, '127.0.0.1');
      await once(socket, 'connect');
      return socket;
    };
    // No more at once than the kernel queues: what it drops, it tries again seconds later.
    const connections = [];
    for (let left = 1025; left > 0; left -= 100)
      connections.push(...(await Promise.all(Array.from({ length: Math.min(left, 100) }, knock))));
    const next = connect(relay.edge.port, '127.0.0.1');
    next.on('error', () => undefined);
    await once(next, 'close');
    expect(await relay.figure('weft_relay_rejected_total{reason="connections"}')).toBe(1);
    expect(connections.every(({ destroyed }) => !destroyed)).toBe(true);
    for (const socket of connections) socket.destroy();
  });

  test('[RE15] that break off in their middle are no defects', async () => {
    const relay = await open();
    const socket = connect(relay.edge.port, '127.0.0.1');
    socket.write('POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"tick');
    await vi.waitFor(async () => expect(await relay.figure('weft_relay_addresses')).toBe(1));
    socket.destroy();
    await vi.waitFor(async () => expect(await relay.figure('weft_relay_addresses')).toBe(0));
    expect((await ask(relay, '/healthz')).status).toBe(200);
    expect(relay.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
