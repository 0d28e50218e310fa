import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { AssetError, type AssetSources, fetchAddress, httpsSource, MAX_REDIRECTS } from '@weft/assets';
import { BEHAVIOURS, FileServer, TLS_IDENTITY } from '@weft/testing/assets';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeGet } from '../src/http/node-get.ts';

setDefaultCACertificates([...getCACertificates(), TLS_IDENTITY.cert]);

const FILE = new TextEncoder().encode('glTF of a chair');
const LOOPBACK = { allowed: ['127.0.0.0/8'] };

let server: FileServer;
/** Nobody may ever come here. */
let canary: FileServer;
let plain: FileServer;

beforeEach(async () => {
  server = await FileServer.start();
  canary = await FileServer.start();
  plain = await FileServer.start({ tls: false });
});

afterEach(async () => {
  await Promise.all([server.close(), canary.close(), plain.close()]);
});

const here = (path: string): string => `https://127.0.0.1:${server.port}${path}`;

function fetchFrom(address: string, options: Parameters<typeof nodeGet>[0] = LOOPBACK) {
  const sources: AssetSources = { https: httpsSource(nodeGet(options)) };
  return fetchAddress(sources, address, { maxBytes: 1_000, signal: AbortSignal.timeout(10_000) });
}

async function errorOf(fetching: Promise<unknown>): Promise<AssetError> {
  const error: unknown = await fetching.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof AssetError) return error;
  throw new Error(`expected an AssetError, got ${String(error)}`);
}

describe('what is said of a request', () => {
  test('[AS5] it carries no credentials, no referrer, no cookie, also where a redirect leads on', async () => {
    server.at('/a', BEHAVIOURS.redirects(here('/b')));
    server.at('/b', BEHAVIOURS.gives(FILE));
    expect((await fetchFrom(here('/a'))).bytes).toEqual(FILE);
    expect(server.requests.map(({ path }) => path)).toEqual(['/a', '/b']);
    for (const { headers } of server.requests) {
      expect(Object.keys(headers).sort()).toEqual(['accept', 'accept-encoding', 'connection', 'host']);
    }
  });
});

describe('a redirect', () => {
  test('[AS5] is followed so many times and no more', async () => {
    for (let at = 0; at <= MAX_REDIRECTS; at += 1)
      server.at(`/${at}`, BEHAVIOURS.redirects(here(`/${at + 1}`)));
    server.at(`/${MAX_REDIRECTS + 1}`, BEHAVIOURS.gives(FILE));
    expect((await errorOf(fetchFrom(here('/0')))).code).toBe('bad-redirect');
    expect((await fetchFrom(here('/1'))).bytes).toEqual(FILE);
    server.at('/circle', BEHAVIOURS.redirects('circle'));
    expect((await errorOf(fetchFrom(here('/circle')))).code).toBe('bad-redirect');
  });

  test.each([
    ['another scheme', () => `http://127.0.0.1:${plain.port}/x`],
    ['a file of this machine', () => 'file:///etc/passwd'],
    ['data', () => 'data:,hello'],
    ['an address with a password', () => `https://user:secret@127.0.0.1:${canary.port}/x`],
    ['nowhere', () => ''],
    ['what is no address', () => 'https://'],
  ])('[AS5] to %s is not followed', async (_where, location) => {
    server.at('/a', BEHAVIOURS.redirects(location(), 307));
    const error = await errorOf(fetchFrom(here('/a')));
    expect(error.code).toBe('bad-redirect');
    expect([canary.connections, plain.connections]).toEqual([0, 0]);
  });

  test('[AS4] to a private address is refused before anybody there is asked', async () => {
    server.at('/a', BEHAVIOURS.redirects(`https://127.0.0.1:${canary.port}/x`));
    const byName = { allowed: ['assets.test'], lookup: resolvesTo(['127.0.0.1']) };
    const error = await errorOf(fetchFrom(`https://assets.test:${server.port}/a`, byName));
    expect(error.code).toBe('forbidden-address');
    expect([server.requests.length, canary.connections]).toEqual([1, 0]);
  });
});

/** A name server that gives these answers one after the other, and the last one from then on. */
function resolvesTo(...answers: readonly (readonly string[])[]): LookupFunction & { calls: number } {
  const lookup: LookupFunction & { calls: number } = Object.assign(
    (_name: string, _options: unknown, callback: (error: null, found: LookupAddress[]) => void) => {
      const addresses = answers[Math.min(lookup.calls, answers.length - 1)] ?? [];
      lookup.calls += 1;
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    },
    { calls: 0 },
  ) as LookupFunction & { calls: number };
  return lookup;
}

describe('a private address', () => {
  test.each([
    ['as it is', (port: number) => `https://127.0.0.1:${port}/`],
    ['as a number', (port: number) => `https://2130706433:${port}/`],
    ['within IPv6', (port: number) => `https://[::ffff:127.0.0.1]:${port}/`],
    ['by a local name', (port: number) => `https://localhost:${port}/`],
  ])('[AS4] is not asked, written %s', async (_how, address) => {
    const error = await errorOf(fetchFrom(address(canary.port), {}));
    expect(error.code).toBe('forbidden-address');
    expect(canary.connections).toBe(0);
  });

  test.each([
    ['127.0.0.1'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['10.0.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1'],
  ])('[AS4] is not asked behind a name: %s', async (...addresses) => {
    const options = { lookup: resolvesTo(addresses) };
    const error = await errorOf(fetchFrom(`https://assets.test:${canary.port}/`, options));
    expect(error.code).toBe('forbidden-address');
    expect(error.message).toContain(addresses[0]);
    expect(canary.connections).toBe(0);
  });

  test('[AS4] is not asked where a name changes what it means: what was judged is what is connected to', async () => {
    const lookup = resolvesTo(['127.0.0.2'], ['127.0.0.1']);
    const rebound = { allowed: ['127.0.0.2/32'], lookup };
    // Nobody listens at the address that was judged; one who looked again would end at the canary.
    expect((await errorOf(fetchFrom(`https://assets.test:${canary.port}/`, rebound))).code).toBe(
      'unreachable',
    );
    expect([lookup.calls, canary.connections]).toEqual([1, 0]);
    expect((await errorOf(fetchFrom(`https://assets.test:${canary.port}/`, rebound))).code).toBe(
      'forbidden-address',
    );
    expect(canary.connections).toBe(0);
  });

  test('[AS4] is left out where a name has public ones too, or allowed ones', async () => {
    server.at('/a', BEHAVIOURS.gives(FILE));
    const options = { ...LOOPBACK, lookup: resolvesTo(['10.0.0.1', '127.0.0.1']) };
    expect((await fetchFrom(`https://assets.test:${server.port}/a`, options)).bytes).toEqual(FILE);
  });
});

describe('a server that misbehaves', () => {
  test.each([
    ['answers 401', BEHAVIOURS.answers(401), 'denied'],
    ['answers 403', BEHAVIOURS.answers(403), 'denied'],
    ['answers 404', BEHAVIOURS.answers(404), 'missing'],
    ['answers 410', BEHAVIOURS.answers(410), 'missing'],
    ['answers 204', BEHAVIOURS.answers(204), 'unreachable'],
    ['answers 206', BEHAVIOURS.answers(206), 'unreachable'],
    ['answers 503', BEHAVIOURS.answers(503), 'unreachable'],
    ['hangs up in the middle', BEHAVIOURS.truncates(FILE), 'unreachable'],
    ['never ends', BEHAVIOURS.endless(), 'too-large'],
    ['announces too much', BEHAVIOURS.gives(new Uint8Array(1_001)), 'too-large'],
    ['packs 64 MiB into little', BEHAVIOURS.packs(), 'unreadable'],
  ])('[AS6] one that %s is named: %s', async (_how, behaviour, code) => {
    server.at('/a', behaviour);
    expect((await errorOf(fetchFrom(here('/a')))).code).toBe(code);
  });

  test('[AS6] a server that is not there, or whose certificate is nobody’s, is named', async () => {
    const gone = await FileServer.start();
    await gone.close();
    const away = await errorOf(fetchFrom(`https://127.0.0.1:${gone.port}/`));
    expect(away.code).toBe('unreachable');
    expect(away.message).toMatch(/ECONNREFUSED/);
    const wrongName = await errorOf(
      fetchFrom(`https://other.test:${server.port}/`, {
        allowed: ['other.test'],
        lookup: resolvesTo(['127.0.0.1']),
      }),
    );
    expect([wrongName.code, server.requests.length]).toEqual(['unreachable', 0]);
  });
});
