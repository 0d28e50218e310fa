import { createServer, type RequestListener, type Server } from 'node:http';
import { Agent, type Dispatcher } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import { receiveFile } from '../receive-file.ts';
import { ask } from './node.ts';
import { nodeAsk } from './node-ask.ts';

const BODY = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, at) => (at * 31) & 0xff));
const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});

async function serve(listener: RequestListener): Promise<URL> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return new URL(`http://127.0.0.1:${address.port}/file?a=1`);
}

describe('a request of Node', () => {
  test('[AS94] gives the head at once, and the body to whoever lets it come, many at a time', async () => {
    const url = await serve((request, response) => {
      expect([request.method, request.url]).toEqual(['GET', '/file?a=1']);
      expect(request.headers).toMatchObject({ 'accept-encoding': 'identity', accept: '*/*', 'x-of': 'us' });
      response
        .writeHead(200, { 'content-type': 'model/gltf-binary', 'content-length': BODY.length })
        .end(BODY);
    });
    const agent = new Agent();
    const files = Array.from({ length: 4 }, async () => {
      const answer = await nodeAsk(agent, url, { headers: { 'x-of': 'us' } });
      expect(answer).toMatchObject({
        ...{ status: 200, type: 'model/gltf-binary', totalBytes: BODY.length },
        ...{ packing: null, location: null },
      });
      return receiveFile(answer, BODY.length);
    });
    for (const file of await Promise.all(files)) expect(BODY.equals(file ?? Buffer.of())).toBe(true);
    await agent.close();
  });

  test('[AS94] gives the memory of pieces back, unless whoever intercepts requests may keep them', async () => {
    const url = await serve((_request, response) =>
      response
        .writeHead(200, { 'content-length': 4 * BODY.length })
        .end(Buffer.concat([BODY, BODY, BODY, BODY])),
    );
    const seenBy = async (dispatcher: Dispatcher): Promise<readonly number[]> => {
      const seen: Uint8Array[] = [];
      await (await nodeAsk(dispatcher, url)).receive((piece) => void seen.push(piece));
      return seen.slice(1, -1).map(({ length }) => length);
    };
    const agent = new Agent();
    expect(new Set(await seenBy(agent))).toEqual(new Set([0]));
    const kept = await seenBy(agent.compose((dispatch) => dispatch));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept).not.toContain(0);
    await agent.close();
  });

  test('[AS94] goes nowhere else: a redirect is an answer, and how it is packed is told', async () => {
    const url = await serve((_request, response) =>
      response.writeHead(302, { location: '/there', 'content-encoding': 'gzip' }).end('x'),
    );
    const answer = await ask(url);
    expect(answer).toMatchObject({ status: 302, location: '/there', packing: 'gzip', totalBytes: null });
    answer.cancel();
  });

  test('[AS94] passes over what comes before the answer', async () => {
    const url = await serve((_request, response) => {
      response.writeEarlyHints({ link: '</a>; rel=preload' });
      response.end('body');
    });
    const answer = await ask(url);
    expect([answer.status, Buffer.from((await receiveFile(answer, 4)) ?? []).toString()]).toEqual([
      200,
      'body',
    ]);
  });

  test('[AS94] rejects where nobody is there, and where the body is cut off', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': BODY.length });
      response.write(BODY.subarray(0, 1_000), () => response.destroy());
    });
    const answer = await ask(url);
    await expect(receiveFile(answer, BODY.length)).rejects.toThrow();
    for (const server of servers.splice(0)) await new Promise((closed) => server.close(closed));
    await expect(ask(url)).rejects.toThrow(/ECONNREFUSED/);
  });

  test('[AS94] ends with its signal: before, while nothing is said, and while the body comes', async () => {
    let asked = 0;
    const gone: (() => void)[] = [];
    const url = await serve((request, response) => {
      asked += 1;
      request.socket.on('close', () => gone.shift()?.());
      if (asked === 2) response.writeHead(200).write('begun');
    });
    const reason = new Error('no more');
    await expect(ask(url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(asked).toBe(0);
    for (const isBegun of [false, true]) {
      const stop = new AbortController();
      const closed = new Promise<void>((resolve) => gone.push(resolve));
      const asking = ask(url, { signal: stop.signal });
      const file = isBegun
        ? asking.then((answer) => receiveFile(answer, 10, () => stop.abort(reason)))
        : asking;
      if (!isBegun) await expect.poll(() => asked).toBe(1);
      if (!isBegun) stop.abort(reason);
      await expect(file).rejects.toBe(reason);
      await closed;
    }
  });

  test('[AS94] lets go of a body that nobody wants, and of one of which there is too much', async () => {
    let closed = 0;
    const url = await serve((request, response) => {
      request.socket.on('close', () => {
        closed += 1;
      });
      const more = (): void => {
        if (response.write(BODY)) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    });
    (await ask(url)).cancel();
    expect(await receiveFile(await ask(url), 1_000_000)).toBeNull();
    await expect.poll(() => closed).toBe(2);
  });
});
