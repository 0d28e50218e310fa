import { AssetError } from '@weft/assets';
import { type Block, importFile } from '@weft/assets/blocks';
import { systemTimers } from '@weft/matrix';
import { BEHAVIOURS, type Behaviour, FileServer, tryFailure } from '@weft/testing/assets';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { type AssetOptions, type OpenAssets, openAssets } from '../src/assets/open-assets.ts';

const KIB = 1024;
const MAX_BYTES = 1024 * KIB;
const DEADLINES = { stallMs: 1_000, sourceMs: 3_000, totalMs: 10_000 };
/** Two blocks, and the node above them. */
const FILE = Uint8Array.from({ length: 300 * KIB }, (_, at) => (at * 31 + (at >> 8)) & 0xff);
const NOBODY = {
  download: () => Promise.reject(new Error('no')),
  upload: () => Promise.reject(new Error('no')),
};
const SHA1_CID = 'bafkrcfaha4dqobyha4dqobyha4dqobyha4dqoby';
const DAG_CBOR_CID = 'bafyreiaha4dqobyha4dqobyha4dqobyha4dqobyha4dqobyha4dqobyha4';
/** `hello`, within the CID. */
const INLINE_CID = 'bafkqaglimvwgy3zmeb3ws5dinfxca5dimuqgczdeojsxg4y';

let bad: FileServer;
let good: FileServer;
let root: string;
let blocks: readonly Block[];
let both: OpenAssets;
let alone: OpenAssets;

beforeAll(async () => {
  [bad, good] = [await FileServer.start({ tls: false }), await FileServer.start({ tls: false })];
  const file = await importFile(FILE);
  root = file.root.toString();
  blocks = file.blocks;
  both = await open({ gateways: [urlOf(bad), urlOf(good)] });
  alone = await open({ gateways: [urlOf(bad)] });
});

beforeEach(() => {
  for (const server of [bad, good]) serveAll(server, (block) => BEHAVIOURS.gives(block));
});

afterAll(() => Promise.all([bad, good].map((server) => server.close())));

const urlOf = ({ port }: FileServer): string => `http://127.0.0.1:${port}`;

function open(options: AssetOptions): Promise<OpenAssets> {
  const strict = { allowed: ['127.0.0.1/32'], deadlines: DEADLINES, cache: 'none' };
  return openAssets(NOBODY, systemTimers, { ...strict, ...options });
}

/** Has a gateway do this with each block of the file. */
function serveAll(server: FileServer, behaviour: (block: Uint8Array, isLeaf: boolean) => Behaviour): void {
  for (const { cid, bytes } of blocks)
    server.at(`/ipfs/${cid}?format=raw`, behaviour(bytes, cid.code === 0x55));
}

async function load(assets: OpenAssets, src = `ipfs://${root}`): Promise<Uint8Array> {
  return (await assets.loader.load({ src }, { maxBytes: MAX_BYTES, retry: true })).bytes;
}

/** The codes of a failure: its own, and what each gateway did. */
async function fail(assets: OpenAssets, src?: string): Promise<string> {
  const error: unknown = await load(assets, src).then(
    () => new Error('it was loaded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof AssetError)) throw error;
  const each = [...new Set(error.attempts.map((attempt) => attempt.error.code))];
  return each.length === 0
    ? `\`${error.code}\``
    : `\`${error.code}\` (${each.map((code) => `\`${code}\``).join(', ')})`;
}

/** Tries each with another gateway behind it, then alone. @returns the ways in which it failed alone */
async function passedOver(ways: readonly Parameters<typeof serveAll>[1][]): Promise<string> {
  const failures = new Set<string>();
  for (const way of ways) {
    serveAll(bad, way);
    expect(Buffer.from(await load(both)).equals(FILE)).toBe(true);
    failures.add(await fail(alone));
  }
  return `${ways.length} × the file from the next gateway; alone: ${[...failures].join(', ')}`;
}

tryFailure('ipfs-other', () =>
  passedOver([
    (block) => BEHAVIOURS.gives(block.map((byte, at) => (at === 3 ? byte ^ 1 : byte))),
    (block) => BEHAVIOURS.gives(block.subarray(0, -1)),
    (block) => BEHAVIOURS.gives(Buffer.concat([block, block])),
    () => BEHAVIOURS.gives(new TextEncoder().encode('<html>'), 'text/html'),
  ]),
);

tryFailure('ipfs-answers', () =>
  passedOver([404, 410, 401, 403, 451, 500, 502].map((status) => () => BEHAVIOURS.answers(status))),
);

tryFailure('ipfs-redirect', () =>
  passedOver([301, 302, 307].map((status) => () => BEHAVIOURS.redirects('http://127.0.0.2/', status))),
);

tryFailure('ipfs-truncated', () => passedOver([(block) => BEHAVIOURS.truncates(block)]));

tryFailure('ipfs-missing', async () => {
  const leaves = (block: Uint8Array, isLeaf: boolean) =>
    isLeaf ? BEHAVIOURS.answers(404) : BEHAVIOURS.gives(block);
  serveAll(bad, leaves);
  const failed = await fail(alone);
  expect(failed).toBe('`missing` (`missing`)');
  serveAll(bad, leaves);
  expect(Buffer.from(await load(both)).equals(FILE)).toBe(true);
  return `${failed}; the file where another gateway has the rest`;
});

tryFailure('ipfs-endless', async () => {
  const before = process.memoryUsage.rss();
  const result = await passedOver([() => BEHAVIOURS.endless()]);
  const growthMiB = Math.max(0, (process.memoryUsage.rss() - before) / KIB / KIB);
  expect(growthMiB).toBeLessThan(64);
  return `${result}; memory grew by ${growthMiB.toFixed(0)} MiB`;
});

tryFailure('ipfs-drip', async () => {
  const results: string[] = [];
  for (const way of [() => BEHAVIOURS.drips(100), () => BEHAVIOURS.silent()]) {
    serveAll(bad, way);
    const startMs = performance.now();
    const failed = await fail(alone);
    expect(performance.now() - startMs).toBeLessThan(DEADLINES.sourceMs + 2_000);
    results.push(`${failed} after ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
  }
  return results.join('; ');
});

tryFailure('ipfs-cid', async () => {
  const before = bad.requests.length;
  const failures = new Set<string>();
  for (const cid of [SHA1_CID, DAG_CBOR_CID]) failures.add(await fail(alone, `ipfs://${cid}`));
  expect([...failures]).toEqual(['`bad-reference`']);
  expect(new TextDecoder().decode(await load(alone, `ipfs://${INLINE_CID}`))).toMatch(/^hello/);
  expect(bad.requests.length).toBe(before);
  return '2 × `bad-reference`; the file that a CID holds itself; 0 requests';
});

tryFailure('ipfs-private', async () => {
  const canary = await FileServer.start({ tls: false, host: '127.0.0.2' });
  const forbidden = await open({ gateways: [`http://127.0.0.2:${canary.port}`, 'http://localhost:1'] });
  const failed = await fail(forbidden);
  expect([failed, canary.connections]).toEqual(['`unavailable` (`forbidden-address`)', 0]);
  await canary.close();
  return `${failed}; 0 connections`;
});

tryFailure('ipfs-node', async () => {
  const away = await open({ ipfs: 'http://127.0.0.1:9', gateways: [urlOf(good)] });
  expect(Buffer.from(await load(away)).equals(FILE)).toBe(true);
  const none = await open({ ipfs: 'http://127.0.0.1:9' });
  return `the file from the gateway; without one ${await fail(none)}`;
});
