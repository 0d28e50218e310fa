import { FakeTimers, settle } from '@weft/testing';
import { CID } from 'multiformats/cid';
import { describe, expect, test } from 'vitest';
import { answer, FakeGateways, type GatewayBehaviour, honest } from '../../test/fake-gateways.ts';
import { AssetError } from '../asset-error.ts';
import { readAddress } from '../reference/address.ts';
import { isAllowedCid } from './cid.ts';
import { importFile } from './import-file.ts';
import type { IpfsClient } from './ipfs-client.ts';
import { IpfsSource, type IpfsSourceOptions } from './ipfs-source.ts';
import { BLOCK_DEADLINE_MS, CLIENT_DEADLINE_MS, MAX_BLOCK_BYTES, MAX_GATEWAYS } from './limits.ts';

const GOOD = 'https://good.example';
const BAD = 'https://bad.example';
/** Three blocks of 256 KiB and a node above them, and one of a single block. */
const LARGE = Uint8Array.from({ length: 3 * 256 * 1024 - 5 }, (_, at) => (at * 7) ^ (at >> 8));
const SMALL = new TextEncoder().encode('a chair');

async function fixture(bytes: Uint8Array, gateways: Readonly<Record<string, GatewayBehaviour>>) {
  const file = await importFile(bytes);
  const fake = new FakeGateways(file.blocks, gateways);
  const timers = new FakeTimers();
  const source = (options: Partial<IpfsSourceOptions> = {}) =>
    new IpfsSource({
      ...{ client: null, shelf: null, gateways: () => fake.urls, get: fake.get, timers },
      ...options,
    });
  return { file, fake, timers, source, text: `ipfs://${file.root}` };
}

function fetchFrom(
  source: IpfsSource,
  text: string,
  { maxBytes = 10 * 1024 * 1024, signal = new AbortController().signal } = {},
) {
  const address = readAddress(text);
  if (address?.scheme !== 'ipfs') throw new TypeError(text);
  return source.fetch(address, { maxBytes, signal });
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof AssetError ? error.code : String(error)),
  );

describe('a file at an ipfs: address', () => {
  test.each([
    ['of many blocks', LARGE],
    ['of one block', SMALL],
    ['without a byte', new Uint8Array()],
  ])('[AS20] %s comes whole from a gateway, as it was', async (_what, bytes) => {
    const { source, text } = await fixture(bytes, { [GOOD]: honest });
    expect((await fetchFrom(source(), text)).bytes).toEqual(bytes);
  });

  test('[AS20] is told piece by piece, in order and once', async () => {
    const { source, text } = await fixture(LARGE, { [GOOD]: honest });
    const address = readAddress(text);
    if (address?.scheme !== 'ipfs') throw new TypeError(text);
    const told: Uint8Array[] = [];
    await source().fetch(address, {
      ...{ maxBytes: LARGE.length, signal: new AbortController().signal },
      onChunk(chunk, total) {
        told.push(chunk);
        expect(total).toBe(LARGE.length);
      },
    });
    expect(Buffer.concat(told).equals(LARGE)).toBe(true);
  });

  const flipped = (block: Uint8Array) => block.map((byte, at) => (at === 3 ? byte ^ 1 : byte));
  const bad: Readonly<Record<string, GatewayBehaviour>> = {
    'other bytes': (_cid, block) => answer(200, [flipped(block ?? SMALL)]),
    'a page in place of a block': () => answer(200, [new TextEncoder().encode('<html>')]),
    'a block cut short': (_cid, block) => answer(200, [(block ?? SMALL).subarray(0, -1)]),
    'a block with more behind it': (_cid, block) => answer(200, [block ?? SMALL, SMALL]),
    'nothing for a leaf': (cid, block) => (cid.code === 0x55 ? answer(404, []) : honest(cid, block, signal)),
    'nothing at all': () => answer(404, []),
    'that it may not': () => answer(403, []),
    'that it failed': () => answer(500, []),
    'a redirect': () => answer(302, []),
    'a connection that is cut': () => {
      throw new TypeError('fetch failed');
    },
    'a body that is cut': (_cid, block) =>
      answer(
        200,
        (async function* () {
          yield (block ?? SMALL).subarray(0, 5);
          throw new TypeError('terminated');
        })(),
      ),
    'bytes without an end': () =>
      answer(
        200,
        (async function* () {
          for (;;) yield new Uint8Array(64 * 1024);
        })(),
      ),
  };
  const { signal } = new AbortController();

  test.each(Object.entries(bad))(
    '[AS20] [AS21] comes from the next gateway after %s',
    async (_what, behaviour) => {
      const { source, text, fake } = await fixture(LARGE, { [BAD]: behaviour, [GOOD]: honest });
      expect((await fetchFrom(source(), text)).bytes).toEqual(LARGE);
      expect(fake.count(BAD)).toBeLessThanOrEqual(4);
    },
  );

  test.each(Object.entries(bad))(
    '[AS20] [AS21] is refused by name where there is only %s',
    async (_what, behaviour) => {
      const { source, text } = await fixture(LARGE, { [BAD]: behaviour });
      await expect(fetchFrom(source(), text)).rejects.toMatchObject({
        name: 'AssetError',
        code: expect.stringMatching(/^(?:missing|unavailable)$/),
        attempts: [{ source: BAD }],
      });
    },
  );

  test('[AS21] comes from the next gateway after one that says nothing, or stalls, at the bound of time', async () => {
    const stalls: GatewayBehaviour = (_cid, block) =>
      answer(
        200,
        (async function* () {
          yield (block ?? SMALL).subarray(0, 1);
          await new Promise(() => undefined);
        })(),
      );
    for (const behaviour of [stalls]) {
      const { source, text, timers, fake } = await fixture(SMALL, { [BAD]: behaviour, [GOOD]: honest });
      let done = false;
      const fetched = fetchFrom(source(), text).finally(() => {
        done = true;
      });
      await import('./read-unixfs.ts');
      while (fake.count(BAD) === 0) await settle();
      await timers.advance(BLOCK_DEADLINE_MS - 1);
      expect(done).toBe(false);
      await timers.advance(1);
      expect((await fetched).bytes).toEqual(SMALL);
      expect(timers.pending).toBe(0);
    }
  });

  test('[AS21] waits a little for a gateway that is busy, and then asks the next', async () => {
    let busy = 2;
    const busyTwice: GatewayBehaviour = (cid, block, ended) => {
      busy -= 1;
      return busy >= 0 ? answer(429, []) : honest(cid, block, ended);
    };
    const first = await fixture(SMALL, { [BAD]: busyTwice });
    const fetched = fetchFrom(first.source(), first.text);
    while (first.timers.pending < 2) await settle();
    await first.timers.advance(2_000);
    expect((await fetched).bytes).toEqual(SMALL);

    const second = await fixture(SMALL, { [BAD]: () => answer(503, []), [GOOD]: honest });
    const other = fetchFrom(second.source(), second.text);
    while (second.timers.pending < 2) await settle();
    await second.timers.advance(5_000);
    expect((await other).bytes).toEqual(SMALL);
    expect(second.fake.count(BAD)).toBe(4);
  });

  test('[AS21] asks no more gateways than its bound', async () => {
    const many = Object.fromEntries(
      Array.from({ length: MAX_GATEWAYS + 1 }, (_, at) => [`https://g${at}.example`, bad['nothing at all']]),
    );
    const { source, text, fake } = await fixture(SMALL, many as Record<string, GatewayBehaviour>);
    expect(await codeOf(fetchFrom(source(), text))).toBe('missing');
    expect(fake.asked).toHaveLength(MAX_GATEWAYS);
  });

  test('[AS21] ends at once when it is broken off', async () => {
    const { source, text, fake, timers } = await fixture(SMALL, { [BAD]: () => never() });
    const controller = new AbortController();
    const fetched = codeOf(fetchFrom(source(), text, { signal: controller.signal }));
    while (fake.count(BAD) === 0) await settle();
    controller.abort();
    expect(await fetched).toBe('aborted');
    expect(timers.pending).toBe(0);
  });

  test('[AS22] is taken at the bound of bytes, and refused one below it by its root alone', async () => {
    const { source, text, fake } = await fixture(LARGE, { [GOOD]: honest });
    expect((await fetchFrom(source(), text, { maxBytes: LARGE.length })).bytes).toHaveLength(LARGE.length);
    fake.asked.length = 0;
    expect(await codeOf(fetchFrom(source(), text, { maxBytes: LARGE.length - 1 }))).toBe('too-large');
    expect(fake.asked).toHaveLength(1);
  });

  test('[AS22] of another hash, another codec or a CID that is none is asked of nobody', async () => {
    const { source, fake } = await fixture(SMALL, { [GOOD]: honest });
    const { digest } = CID.parse('bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku').multihash;
    const multihash = { code: 0x12, size: 32, digest, bytes: Uint8Array.from([0x12, 32, ...digest]) };
    const sha1 = { code: 0x11, size: 32, digest, bytes: Uint8Array.from([0x11, 32, ...digest]) };
    for (const cid of [CID.createV1(0x71, multihash), CID.createV1(0x55, sha1), `b${'a'.repeat(58)}`]) {
      expect(await codeOf(fetchFrom(source(), `ipfs://${cid}`))).toBe('bad-reference');
    }
    expect(fake.asked).toEqual([]);
  });

  test('[AS22] that its CID holds is read from the CID, up to the bound, and asked of nobody', async () => {
    const { source, fake } = await fixture(SMALL, { [GOOD]: honest });
    const inline = (length: number) => {
      const digest = new Uint8Array(length).fill(7);
      const size = length < 128 ? [length] : [(length & 127) | 128, length >> 7];
      return CID.createV1(0x55, {
        ...{ code: 0, size: length, digest },
        bytes: Uint8Array.from([0, ...size, ...digest]),
      });
    };
    expect((await fetchFrom(source(), `ipfs://${inline(40)}`)).bytes).toEqual(new Uint8Array(40).fill(7));
    expect([isAllowedCid(inline(128)), isAllowedCid(inline(129))]).toEqual([true, false]);
    expect(fake.asked).toEqual([]);
  });

  test('[AS25] is asked of the configured node first, then of this device, then of gateways', async () => {
    const { source, text, fake, file, timers } = await fixture(SMALL, { [GOOD]: honest });
    const order: string[] = [];
    const client = (cat: IpfsClient['cat']): IpfsClient => ({ cat, add: () => Promise.reject(new Error()) });
    const shelf = {
      read: async () => {
        order.push('device');
        return null;
      },
      keep: async () => undefined,
    };
    const has = client(async (path) => {
      order.push(`node ${path}`);
      return SMALL;
    });
    expect((await fetchFrom(source({ client: has, shelf }), `${text}/`)).bytes).toEqual(SMALL);
    expect([order, fake.asked]).toEqual([[`node ${file.root}`], []]);

    const hangs = client((_path, { signal: ended }) => {
      order.push('node');
      return new Promise((_, reject) => ended.addEventListener('abort', () => reject(ended.reason)));
    });
    order.length = 0;
    const fetched = fetchFrom(source({ client: hangs, shelf }), text);
    await timers.advance(CLIENT_DEADLINE_MS);
    expect((await fetched).bytes).toEqual(SMALL);
    expect([order, fake.asked.length]).toEqual([['node', 'device'], 1]);
  });

  test('[AS25] that nobody has is refused with what each said', async () => {
    const { source, text } = await fixture(SMALL, { [BAD]: () => answer(404, []) });
    const error = new AssetError('missing', { what: 'x', expected: 'y', got: 'not found', hint: 'z' });
    const client = { cat: () => Promise.reject(error), add: () => Promise.reject(error) };
    await expect(fetchFrom(source({ client }), text)).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringMatching(/the IPFS node gave not found; https:\/\/bad.example gave HTTP 404/),
    });
  });

  test('[AS22] a block is taken up to its bound', async () => {
    const { isBlock } = await import('./verify-block.ts');
    const { sha256 } = await import('multiformats/hashes/sha2');
    for (const [length, isTaken] of [
      [MAX_BLOCK_BYTES, true],
      [MAX_BLOCK_BYTES + 1, false],
    ] as const) {
      const bytes = new Uint8Array(length);
      expect(await isBlock(CID.createV1(0x55, await sha256.digest(bytes)), bytes)).toBe(isTaken);
    }
  });
});

function never(): ReturnType<GatewayBehaviour> {
  return answer(
    200,
    (async function* () {
      await new Promise(() => undefined);
      yield SMALL;
    })(),
  );
}
