import { createHash } from 'node:crypto';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { AssetError, type AssetRef } from '@weft/assets';
import { connectHomeserver, systemTimers } from '@weft/matrix';
import {
  BEHAVIOURS,
  type Behaviour,
  codesOf,
  FileServer,
  failedLoad,
  failedLoads,
  grew,
  MAX_TRIED_BYTES,
  NOW,
  said,
  slowest,
  TLS_IDENTITY,
  TRIED_DEADLINES,
  tryFailure,
} from '@weft/testing/assets';
import { triangleGlb } from '@weft/testing/gltf';
import { type Account, synapse } from '@weft/testing/synapse';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type AssetOptions, type OpenAssets, openAssets } from '../src/assets/open-assets.ts';

setDefaultCACertificates([...getCACertificates(), TLS_IDENTITY.cert]);

const FORBIDDEN = '127.0.0.2';

const FILE = triangleGlb();
const TABLE = new TextEncoder().encode('glTF of a table');
const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const CHAIR = { sha256: sha256Of(FILE), bytes: FILE.length };

let account: Account;
let administrator: Account;
let web: FileServer;
/** Passes on to Synapse what it was not told to answer by itself. */
let front: FileServer;
/** Nobody may ever come to these. */
let canary: FileServer;
let plainCanary: FileServer;
let direct: OpenAssets;
let fronted: OpenAssets;

beforeAll(async () => {
  const server = await synapse();
  [account, administrator] = await Promise.all([server.account('ann'), server.administrator()]);
  web = await FileServer.start();
  front = await FileServer.start({ tls: false });
  canary = await FileServer.start({ host: FORBIDDEN });
  plainCanary = await FileServer.start({ host: FORBIDDEN, tls: false });
  front.otherwise(passTo(account.homeserver));
  direct = await open(account.homeserver);
  fronted = await open(`http://127.0.0.1:${front.port}`);
});

afterEach(() => {
  expect([canary.connections, plainCanary.connections]).toEqual([0, 0]);
});

afterAll(() => Promise.all([web, front, canary, plainCanary].map((server) => server.close())));

async function open(url: string, options: AssetOptions = {}, token = account.token): Promise<OpenAssets> {
  const homeserver = await connectHomeserver({ url, token });
  const strict = { allowed: ['127.0.0.1/32'], deadlines: TRIED_DEADLINES, cache: 'none' };
  return openAssets(homeserver, systemTimers, { ...strict, ...options });
}

const passTo =
  (url: string): Behaviour =>
  (request, response) => {
    const { authorization = '' } = request.headers;
    void fetch(url + (request.url ?? ''), { headers: { authorization } }).then(async (answer) => {
      response
        .writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
        .end(Buffer.from(await answer.arrayBuffer()));
    });
  };

async function upload(bytes: Uint8Array, type = 'model/gltf-binary'): Promise<string> {
  const homeserver = await connectHomeserver({ url: account.homeserver, token: account.token });
  return homeserver.upload(bytes, { name: 'chair.glb', type });
}

let paths = 0;

function serve(behaviour: Behaviour): string {
  paths += 1;
  web.at(`/${paths}`, behaviour);
  return `https://127.0.0.1:${web.port}/${paths}`;
}

/** A file of the media repository that the server in front answers for. */
function inFront(behaviour: Behaviour): string {
  paths += 1;
  front.at(`/_matrix/client/v1/media/download/front.example/m${paths}`, behaviour);
  return `mxc://front.example/m${paths}`;
}

const fail = (assets: OpenAssets, ref: AssetRef) => failedLoad(assets.loader, ref);
const failEach = (assets: OpenAssets, cases: Parameters<typeof failedLoads>[1]) =>
  failedLoads(assets.loader, cases);

const others = (src: string): readonly (readonly [string, AssetRef, string])[] => [
  ['another file', { src, sha256: sha256Of(TABLE) }, 'wrong-hash'],
  ['a shorter one', { src, ...CHAIR, bytes: FILE.length + 1 }, 'wrong-size'],
  ['a longer one', { src, ...CHAIR, bytes: FILE.length - 1 }, 'wrong-size'],
];

tryFailure('mxc-missing', async () => {
  const server = account.userId.split(':').slice(1).join(':');
  const failed = await fail(direct, { src: `mxc://${server}/${'A'.repeat(24)}` });
  expect(failed.error.code).toBe('missing');
  return said(failed);
});

tryFailure('mxc-withdrawn', async () => {
  const src = await upload(FILE);
  const device = await open(account.homeserver, { cache: 'memory' });
  expect((await device.loader.load({ src, ...CHAIR })).from).toBe(src);
  const [, , server = '', media = ''] = src.split('/');
  const deleted = await fetch(`${account.homeserver}/_synapse/admin/v1/media/${server}/${media}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${administrator.token}` },
  });
  expect(deleted.status).toBe(200);
  const failed = await fail(direct, { src, ...CHAIR });
  expect(failed.error.code).toBe('missing');
  expect((await device.loader.load({ src, ...CHAIR })).from).toBe('cache');
  return `${said(failed)}; from the cache where it was loaded before`;
});

tryFailure('mxc-signed-out', async () => {
  const src = await upload(FILE);
  const guest = await (await synapse()).account('leaver');
  const assets = await open(account.homeserver, {}, guest.token);
  const out = await fetch(`${account.homeserver}/_matrix/client/v3/logout`, {
    method: 'POST',
    headers: { authorization: `Bearer ${guest.token}` },
  });
  expect(out.status).toBe(200);
  const failed = await fail(assets, { src });
  expect(failed.error.code).toBe('denied');
  return said(failed);
});

tryFailure('mxc-away', async () => {
  const src = 'mxc://nobody.invalid/abc';
  const failed = await fail(direct, { src });
  expect(['missing', 'denied', 'unreachable', 'timed-out']).toContain(failed.error.code);
  const good = serve(BEHAVIOURS.gives(FILE));
  expect((await direct.loader.load({ src, alt: [good], ...CHAIR }, NOW)).from).toBe(good);
  return `${said(failed)}; the next address gave the file`;
});

tryFailure('mxc-other', async () => {
  const failures = await failEach(direct, others(await upload(FILE)));
  return `${codesOf(failures)}, ${slowest(failures)}`;
});

tryFailure('mxc-type', async () => {
  const { bytes, type } = await direct.loader.load({ src: await upload(FILE, 'text/html'), ...CHAIR }, NOW);
  expect(bytes).toEqual(FILE);
  return `the file, of ${bytes.length} bytes; \`${String(type)}\` is told as a hint`;
});

tryFailure('mxc-path', async () => {
  const before = front.requests.length;
  const texts = ['a/../b', '../admin', 'a%2f..', 'a?b', 'a#b', 'a/b', '', '.', 'a b', 'a\\b'];
  const cases = texts.map(
    (path) => [path, { src: `mxc://front.example/${path}` }, 'unsupported-source'] as const,
  );
  const named = ['mxc://user@front.example/a', 'mxc:front.example/a', 'mxc:///a'];
  const failures = await failEach(fronted, [
    ...cases,
    ...named.map((src) => [src, { src }, 'unsupported-source'] as const),
  ]);
  expect(front.requests.length).toBe(before);
  return `${codesOf(failures)}; 0 requests`;
});

tryFailure('mxc-redirect', async () => {
  const target = `http://${FORBIDDEN}:${plainCanary.port}/taken`;
  const failures = await failEach(
    fronted,
    [301, 302, 303, 307, 308].map((status) => [
      String(status),
      { src: inFront(BEHAVIOURS.redirects(target, status)) },
      'unreachable',
    ]),
  );
  expect(plainCanary.connections).toBe(0);
  return `${codesOf(failures)}; 0 connections to the other server`;
});

tryFailure('mxc-answers', async () => {
  const expected = {
    401: 'denied',
    403: 'denied',
    404: 'unreachable',
    429: 'unreachable',
    500: 'unreachable',
    502: 'unreachable',
  };
  const failures = await failEach(
    fronted,
    Object.entries(expected).map(([status, code]) => [
      status,
      { src: inFront(BEHAVIOURS.answers(Number(status))) },
      code,
    ]),
  );
  return `${codesOf(failures)}, ${slowest(failures)}`;
});

tryFailure('mxc-truncated', async () => {
  const failed = await fail(fronted, { src: inFront(BEHAVIOURS.truncates(FILE)), ...CHAIR });
  expect(failed.error.code).toBe('unreachable');
  return said(failed);
});

tryFailure('mxc-endless', async () => {
  const failed = await fail(fronted, { src: inFront(BEHAVIOURS.endless()) });
  expect(failed.error.code).toBe('too-large');
  return `${said(failed)}; ${grew(failed)}`;
});

tryFailure('mxc-drip', async () => {
  const failures = await failEach(fronted, [
    ['drips', { src: inFront(BEHAVIOURS.drips(100)) }, 'timed-out'],
    ['silent', { src: inFront(BEHAVIOURS.silent()) }, 'timed-out'],
  ]);
  return failures.map(said).join('; ');
});

tryFailure('https-other', async () => {
  const failures = await failEach(direct, others(serve(BEHAVIOURS.gives(FILE))));
  return `${codesOf(failures)}, ${slowest(failures)}`;
});

tryFailure('https-answers', async () => {
  const expected = { 401: 'denied', 403: 'denied', 404: 'missing', 410: 'missing', 500: 'unreachable' };
  const failures = await failEach(
    direct,
    Object.entries(expected).map(([status, code]) => [
      status,
      { src: serve(BEHAVIOURS.answers(Number(status))) },
      code,
    ]),
  );
  return `${codesOf(failures)}, ${slowest(failures)}`;
});

tryFailure('https-truncated', async () => {
  const failed = await fail(direct, { src: serve(BEHAVIOURS.truncates(FILE)), ...CHAIR });
  expect(failed.error.code).toBe('unreachable');
  return said(failed);
});

tryFailure('https-endless', async () => {
  const failed = await fail(direct, { src: serve(BEHAVIOURS.endless()) });
  expect(failed.error.code).toBe('too-large');
  return `${said(failed)}; ${grew(failed)}`;
});

tryFailure('https-drip', async () => {
  const failures = await failEach(direct, [
    ['drips', { src: serve(BEHAVIOURS.drips(100)) }, 'timed-out'],
    ['silent', { src: serve(BEHAVIOURS.silent()) }, 'timed-out'],
  ]);
  return failures.map(said).join('; ');
});

tryFailure('https-packed', async () => {
  const failed = await fail(direct, { src: serve(BEHAVIOURS.packs()) });
  expect(failed.error.code).toBe('unreadable');
  return `${said(failed)}; ${grew(failed)}`;
});

tryFailure('https-type', async () => {
  const { bytes, type } = await direct.loader.load(
    {
      src: serve(BEHAVIOURS.gives(FILE, 'text/html')),
      ...CHAIR,
    },
    NOW,
  );
  expect(bytes).toEqual(FILE);
  return `the file, of ${bytes.length} bytes; \`${String(type)}\` is told as a hint`;
});

tryFailure('https-loop', async () => {
  const before = web.requests.length;
  const failed = await fail(direct, { src: serve(BEHAVIOURS.redirects('')) });
  expect(failed.error.code).toBe('bad-redirect');
  const asked = web.requests.length - before;
  expect(asked).toBe(6);
  return `${said(failed)}; ${asked} requests`;
});

tryFailure('https-redirect', async () => {
  const targets = [
    `http://${FORBIDDEN}:${plainCanary.port}/x`,
    'file:///etc/passwd',
    'data:,hello',
    `https://user:secret@${FORBIDDEN}:${canary.port}/x`,
    'https://',
  ];
  const failures = await failEach(
    direct,
    targets.map((target) => [target, { src: serve(BEHAVIOURS.redirects(target)) }, 'bad-redirect']),
  );
  return `${codesOf(failures)}; 0 connections elsewhere`;
});

tryFailure('https-redirect-private', async () => {
  const src = serve(BEHAVIOURS.redirects(`https://${FORBIDDEN}:${canary.port}/x`));
  const failed = await fail(direct, { src });
  expect(failed.error.code).toBe('forbidden-address');
  return `${said(failed)}; 0 connections`;
});

tryFailure('https-private', async () => {
  const { port } = canary;
  const hosts = [FORBIDDEN, '127.2', '2130706434', '0177.0.0.2', '0x7f000002', '[::ffff:127.0.0.2]', '[::1]'];
  const elsewhere = ['10.0.0.1', '192.168.1.1', '169.254.169.254', '[fd00::1]', 'localhost', 'printer.local'];
  const failures = await failEach(
    direct,
    [...hosts, ...elsewhere].map((host) => [host, { src: `https://${host}:${port}/x` }, 'forbidden-address']),
  );
  return `${codesOf(failures)}, ${slowest(failures)}; 0 connections`;
});

tryFailure('https-away', async () => {
  const gone = await FileServer.start();
  await gone.close();
  setDefaultCACertificates(getCACertificates('bundled'));
  const before = web.requests.length;
  // Its own connections, since those of others may still be open and trusted.
  const untrusting = await open(account.homeserver);
  const failures = await failEach(untrusting, [
    ['nobody listens', { src: `https://127.0.0.1:${gone.port}/x` }, 'unreachable'],
    ['nobody vouches', { src: serve(BEHAVIOURS.gives(FILE)) }, 'unreachable'],
  ]);
  setDefaultCACertificates([...getCACertificates('bundled'), TLS_IDENTITY.cert]);
  expect(web.requests.length).toBe(before);
  return `${codesOf(failures)}, ${slowest(failures)}; 0 requests`;
});

tryFailure('data-bad', async () => {
  const failures = await failEach(
    direct,
    ['data:', 'data:;base64,a!b', 'data:,%zz', `data:,${'a'.repeat(MAX_TRIED_BYTES + 1)}`].map((src) => [
      src.slice(0, 20),
      { src },
      'unreadable',
    ]),
  );
  return `${codesOf(failures)}, ${slowest(failures)}`;
});

tryFailure('scheme', async () => {
  const texts = [
    'file:///etc/passwd',
    `http://${FORBIDDEN}:${plainCanary.port}/x`,
    'blob:https://example.org/1',
    'javascript:alert(1)',
    'ftp://example.org/a',
    `//${FORBIDDEN}:${canary.port}/x`,
    '../a.glb',
    '',
  ];
  const failures = await failEach(
    direct,
    texts.map((src) => [src, { src }, 'unsupported-source']),
  );
  return `${codesOf(failures)}; 0 requests`;
});

tryFailure('reference', async () => {
  const src = serve(BEHAVIOURS.gives(FILE));
  const before = web.requests.length;
  const failures = await failEach(direct, [
    ['no hash', { src, sha256: 'abc' }, 'bad-reference'],
    ['a petabyte', { src, bytes: 1e15 }, 'too-large'],
  ]);
  expect(web.requests.length).toBe(before);
  return `${codesOf(failures)}; 0 requests`;
});

tryFailure('order', async () => {
  const server = account.userId.split(':').slice(1).join(':');
  const [first, second, third] = [
    `mxc://${server}/${'B'.repeat(24)}`,
    serve(BEHAVIOURS.gives(TABLE)),
    serve(BEHAVIOURS.gives(FILE)),
  ];
  const start = performance.now();
  const found = await direct.loader.load({ src: first, alt: [second, third], ...CHAIR }, NOW);
  expect([found.from, found.bytes]).toEqual([third, FILE]);
  return `the file, from the third, after ${(performance.now() - start).toFixed(0)} ms`;
});

tryFailure('none', async () => {
  const [first, second] = [serve(BEHAVIOURS.answers(403)), serve(BEHAVIOURS.gives(TABLE))];
  const failed = await fail(direct, { src: first, alt: [second, 'ipfs:nothing'], ...CHAIR });
  expect(failed.error.code).toBe('unavailable');
  expect(failed.error.attempts.map(({ error: { code } }) => code)).toEqual([
    ...['denied', 'wrong-size', 'unsupported-source'],
  ]);
  for (const address of [first, second, 'ipfs:nothing']) expect(failed.error.message).toContain(address);
  return `${said(failed)}: ${failed.error.attempts.map(({ error }) => `\`${error.code}\``).join(', ')}`;
});

tryFailure('crowd', async () => {
  const src = serve(BEHAVIOURS.silent());
  const before = web.requests.length;
  const leavers = Array.from({ length: 99 }, () => new AbortController());
  const loads = [...leavers.map(({ signal }) => signal), undefined].map((signal) =>
    direct.loader
      .load({ src }, signal === undefined ? NOW : { signal, ...NOW })
      .catch((error: unknown) => error),
  );
  for (const leaver of leavers) leaver.abort();
  const errors = await Promise.all(loads);
  const codes = errors.map((error) => (error instanceof AssetError ? error.code : String(error)));
  expect(codes).toEqual([...Array.from({ length: 99 }, () => 'aborted'), 'timed-out']);
  expect(web.requests.length - before).toBe(1);
  return '99 × `aborted`, 1 × `timed-out`; 1 request';
});
