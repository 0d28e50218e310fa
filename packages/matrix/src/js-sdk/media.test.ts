import { gzipSync } from 'node:zlib';
import { createClient } from 'matrix-js-sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { type LoopbackServer, loopback } from '../../test/loopback.ts';
import { parseMxcUri } from '../ids.ts';
import { downloadMedia, MAX_ERROR_BYTES } from './media.ts';
import { ownClient } from './own-client.ts';

const URI = parseMxcUri('mxc://a.org/media');
const servers: LoopbackServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(...parameters: Parameters<typeof loopback>): Promise<LoopbackServer> {
  const server = await loopback(...parameters);
  servers.push(server);
  return server;
}

function client(server: LoopbackServer) {
  return ownClient({ url: server.url, token: 'secret', userId: '@a:a.org' });
}

describe('downloading media', () => {
  it('asks for authenticated media, with the token in a header', async () => {
    const server = await serve((_request, response) => response.end('glTF'));
    const { bytes } = await downloadMedia(client(server), URI, { maxBytes: 4 });
    expect(new TextDecoder().decode(bytes)).toBe('glTF');
    expect(server.requests).toEqual([
      { path: '/_matrix/client/v1/media/download/a.org/media', authorization: 'Bearer secret' },
    ]);
  });

  it('follows no redirect, so that no other server sees the token', async () => {
    const other = await serve((_request, response) => response.end('glTF'));
    const server = await serve((_request, response) =>
      response.writeHead(307, { location: `${other.url}/x` }).end(),
    );
    await expect(downloadMedia(client(server), URI, { maxBytes: 4 })).rejects.toMatchObject({
      code: 'unreachable',
    });
    expect(other.requests).toEqual([]);
  });

  it.each([
    ['announced', { 'content-length': '5' }],
    ['not announced', {}],
  ])('stops at one byte too many where the size is %s', async (_how, headers) => {
    const server = await serve((_request, response) => {
      response.writeHead(200, headers);
      response.write('glT');
      response.end('F!');
    });
    await expect(downloadMedia(client(server), URI, { maxBytes: 4 })).rejects.toMatchObject({
      code: 'too-large',
    });
  });

  it('does not wait for the end of what is too large', async () => {
    // Never ends: only a reader that stops by itself gets out.
    const server = await serve((_request, response) => {
      const more = (): void => {
        if (response.write('x'.repeat(1000))) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    });
    await expect(downloadMedia(client(server), URI, { maxBytes: 10_000 })).rejects.toMatchObject({
      code: 'too-large',
    });
  });

  it('reads a refusal of the length that it may have, and of a longer one only its status', async () => {
    const padded = (bytes: number): string => {
      const refusal = '{"errcode":"M_FORBIDDEN","error":"no"}';
      return refusal + ' '.repeat(bytes - refusal.length);
    };
    for (const [bytes, code] of [
      [MAX_ERROR_BYTES, 'forbidden'],
      [MAX_ERROR_BYTES + 1, 'server'],
    ] as const) {
      const server = await serve((_request, response) => response.writeHead(500).end(padded(bytes)));
      await expect(downloadMedia(client(server), URI, { maxBytes: 4 })).rejects.toMatchObject({ code });
    }
  });

  it('takes nothing that was packed without being asked for', async () => {
    const server = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('glTF')),
    );
    await expect(downloadMedia(client(server), URI, { maxBytes: 4 })).rejects.toMatchObject({
      code: 'server',
      got: expect.stringContaining('packed with gzip'),
    });
  });

  it('goes the way that a client was given', async () => {
    const asked: (readonly [url: string, options: RequestInit | undefined])[] = [];
    const own = createClient({
      baseUrl: 'https://a.org',
      accessToken: 'secret',
      fetchFn: async (url, options) => {
        asked.push([String(url), options]);
        return new Response('glTF', { headers: { 'content-type': 'model/gltf-binary' } });
      },
    });
    expect(await downloadMedia(own, URI, { maxBytes: 4 })).toEqual({
      bytes: new TextEncoder().encode('glTF'),
      type: 'model/gltf-binary',
    });
    expect(asked).toEqual([
      [
        'https://a.org/_matrix/client/v1/media/download/a.org/media',
        expect.objectContaining({ redirect: 'error', headers: { Authorization: 'Bearer secret' } }),
      ],
    ]);
  });

  it('names a file that is not there, an answer that is not Matrix, and a caller who gave up', async () => {
    const absent = await serve((_request, response) =>
      response.writeHead(404).end('{"errcode":"M_NOT_FOUND","error":"Not found"}'),
    );
    await expect(downloadMedia(client(absent), URI, { maxBytes: 4 })).rejects.toMatchObject({
      code: 'not-found',
    });
    const proxy = await serve((_request, response) => response.writeHead(502).end('<html>'));
    await expect(downloadMedia(client(proxy), URI, { maxBytes: 4 })).rejects.toMatchObject({
      code: 'server',
    });
    const signal = AbortSignal.abort();
    await expect(downloadMedia(client(proxy), URI, { maxBytes: 4, signal })).rejects.toMatchObject({
      code: 'aborted',
    });
  });
});
