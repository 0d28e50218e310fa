import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type LoopbackServer, loopback } from '../../test/loopback.ts';
import { connectHomeserver } from './connect.ts';
import { ownClient } from './own-client.ts';

const servers: LoopbackServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function answering(answer: (response: ServerResponse) => void): Promise<LoopbackServer> {
  const server = await loopback((_request, response) => answer(response));
  servers.push(server);
  return server;
}

function matrixError(status: number, errcode: string) {
  return (response: ServerResponse) =>
    response.writeHead(status).end(JSON.stringify({ errcode, error: 'no' }));
}

describe('signing in', () => {
  it('knows the user from the token', async () => {
    const { url, requests } = await answering((response) =>
      response.end('{"user_id":"@a:a.org","device_id":"D"}'),
    );
    const homeserver = await connectHomeserver({ url: `${url}/`, token: 'secret' });
    expect(homeserver).toMatchObject({ userId: '@a:a.org', url });
    expect(requests).toEqual([{ path: '/_matrix/client/v3/account/whoami', authorization: 'Bearer secret' }]);
  });

  it.each([
    ['a wrong token', matrixError(401, 'M_UNKNOWN_TOKEN'), 'unknown-token'],
    ['a web page', (response: ServerResponse) => response.end('<html>'), 'not-a-homeserver'],
    [
      'a page that is not there',
      (response: ServerResponse) => response.writeHead(404).end('nothing'),
      'not-a-homeserver',
    ],
    ['JSON that names nobody', (response: ServerResponse) => response.end('{}'), 'not-a-homeserver'],
    ['a server that fails', (response: ServerResponse) => response.writeHead(502).end(''), 'server'],
    ['a connection cut off', (response: ServerResponse) => response.destroy(), 'unreachable'],
  ] as const)('names %s', async (_what, answer, code) => {
    const { url } = await answering(answer);
    await expect(connectHomeserver({ url, token: 'secret' })).rejects.toMatchObject({ code });
  });

  it('names a wrong password, and does not send anybody to a steward for it', async () => {
    const { url } = await answering(matrixError(403, 'M_FORBIDDEN'));
    const attempt = connectHomeserver({ url, user: 'a', password: 'b' });
    await expect(attempt).rejects.toMatchObject({ code: 'forbidden', by: 'you' });
    await expect(attempt).rejects.toThrow(/name or the password/);
  });

  it.each(['', 'example.org', 'ftp://example.org', 'javascript:alert(1)'])(
    'refuses the address %j',
    async (url) => {
      await expect(connectHomeserver({ url, token: 'secret' })).rejects.toMatchObject({
        code: 'not-a-homeserver',
      });
    },
  );

  it('asks nothing of a client that its caller has', async () => {
    const { url, requests } = await answering((response) => response.end('{}'));
    const client = ownClient({ url, token: 'secret', userId: '@a:a.org' });
    expect((await connectHomeserver({ client })).userId).toBe('@a:a.org');
    expect(requests).toEqual([]);
  });
});
