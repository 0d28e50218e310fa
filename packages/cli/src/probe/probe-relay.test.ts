import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { probeRelay } from './probe-relay.ts';

interface Answers {
  readonly about?: (url: string) => unknown;
  readonly readyz?: { readonly status: number; readonly body: unknown };
  readonly upgrades?: boolean;
}

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const READY = { status: 'ok', checks: { journal: { ok: true, detail: 'took a record' } } };
const about = (url: string) => ({
  ...{ type: 'world.weft.relay', url, user_id: '@relay:example.org', lane_version: 1, guests: 'off' },
});

/** What answers as a relay does, or not quite. */
async function serve(answers: Answers = {}): Promise<string> {
  const server = createServer((request, response) => {
    const replies: Record<string, readonly [number, unknown]> = {
      '/v1': [200, (answers.about ?? about)(url)],
      '/readyz': [answers.readyz?.status ?? 200, answers.readyz?.body ?? READY],
    };
    const [status, body] = replies[request.url ?? ''] ?? [404, {}];
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    if (answers.upgrades === false) socket.destroy();
    else sockets.handleUpgrade(request, socket, head, () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  const { port }: AddressInfo = Object(server.address());
  const url = `ws://127.0.0.1:${port}`;
  return url;
}

describe('probeRelay', () => {
  test('says what a relay is, that it is ready, and how far away', async () => {
    const url = await serve();
    const found = await probeRelay(url);
    expect(found).toMatchObject({
      about: { url, userId: '@relay:example.org', laneVersion: 1, guests: 'off' },
      ready: true,
      checks: [{ name: 'journal', ok: true, detail: 'took a record' }],
      problems: [],
    });
    expect(found.socket?.roundTripMs.length).toBe(10);
  });

  test('finds that a relay signs another address than the one that is used', async () => {
    const found = await probeRelay(await serve({ about: () => about('wss://relay.example.org') }));
    expect(found.ready).toBe(true);
    expect(found.problems.join()).toContain('It calls itself wss://relay.example.org');
  });

  test('finds what of a relay does not work', async () => {
    const readyz = {
      status: 503,
      body: { status: 'failing', checks: { journal: { ok: false, detail: 'the disk is full' } } },
    };
    const found = await probeRelay(await serve({ readyz }));
    expect(found.ready).toBe(false);
    expect(found.problems).toEqual(['Its journal does not work: the disk is full.']);
  });

  test('finds a relay that drains', async () => {
    const found = await probeRelay(
      await serve({ readyz: { status: 503, body: { status: 'draining', checks: {} } } }),
    );
    expect(found.problems.join()).toContain('about to stop');
  });

  test('finds a proxy that passes no upgrades on', async () => {
    const found = await probeRelay(await serve({ upgrades: false }));
    expect(found.socket).toBeNull();
    expect(found.problems.join()).toContain('A proxy in between has to pass upgrades on.');
  });

  test('finds what is no relay, and where nothing is', async () => {
    const other = await probeRelay(await serve({ about: () => ({ type: 'something else' }) }));
    expect(other).toMatchObject({ about: null, ready: false, socket: null });
    expect(other.problems.join()).toContain('is no relay of Weft (status 200)');
    const nothing = await probeRelay('ws://127.0.0.1:1');
    expect(nothing.problems.join()).toContain('Nothing answers at http://127.0.0.1:1/v1');
  });
});
