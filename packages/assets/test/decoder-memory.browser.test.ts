import { readFile, writeFile } from 'node:fs/promises';
import { tryFailure } from '@weft/testing/assets';
import { launchBrowser, type PageServer } from '@weft/testing/browser';
import { dracoBombs, ktx2File } from '@weft/testing/gltf';
import { MeshoptEncoder } from 'meshoptimizer';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DecodeJob, MAX_DECODED_PART_BYTES, MAX_DECODER_BYTES } from '../src/decode/decode-job.ts';
import { serveAssetPages } from './page-server.ts';
import { PAGE_START_MS } from './serve-page.ts';

const MIB = 1024 * 1024;
const NONE = new Uint8Array();
const STRIDE = 64;
/** How many of these one part may become: nothing but zeros, in some thousands of bytes. */
const MOST = MAX_DECODED_PART_BYTES / STRIDE;
/** In pixels: 88 MiB plain, 22 MiB as it comes. */
const LARGEST = [4096, 5600] as const;
/** Edges of a mesh for which Draco’s module takes 614 MiB, and 139 MiB. */
const TOO_MANY = 2 ** 24;
const MANY = 3_800_000;
/** To `clear_refs`: what a process held at most is counted from now on. */
const RESET_PEAK = '5';

let server: PageServer;
let browser: Browser;

beforeAll(async () => {
  server = await serveAssetPages('/decoders.ts');
  browser = await launchBrowser();
}, PAGE_START_MS);

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const draco: DecodeJob = { kind: 'draco', bytes: NONE, vertices: 3, indices: 3, attributes: [] };
const meshopt = (count: number): DecodeJob => ({
  ...{ kind: 'meshopt', bytes: NONE, count, byteStride: STRIDE },
  ...{ mode: 'ATTRIBUTES', filter: 'NONE' },
});
const ktx2: DecodeJob = { kind: 'ktx2', bytes: NONE, target: 'rgba' };

const edges = (many: number): Uint8Array => dracoBombs(many)[0] ?? NONE;

async function zeros(): Promise<Uint8Array> {
  await MeshoptEncoder.ready;
  return MeshoptEncoder.encodeGltfBuffer(new Uint8Array(MAX_DECODED_PART_BYTES), MOST, STRIDE, 'ATTRIBUTES');
}

function largerThanSaid(): Uint8Array {
  const lie = ktx2File(8, 8, [1, 2, 3, 255]);
  new DataView(lie.buffer).setUint32(20, 16_384, true);
  new DataView(lie.buffer).setUint32(24, 16_384, true);
  return lie;
}

interface Tried {
  readonly job: DecodeJob;
  readonly bytes: Uint8Array;
}

interface Found {
  /** `done`, or the code of the refusal. */
  readonly outcome: string;
  /** By how much the page’s process was larger at its largest than before, with what the decoder was given. */
  readonly bytes: number;
}

const tried = {
  'gigabytes of Draco': { job: draco, bytes: edges(2 ** 29) },
  'more Draco than there may be': { job: draco, bytes: edges(TOO_MANY) },
  'as much Draco as there may be': { job: draco, bytes: edges(MANY) },
  'a gigabyte of meshopt': { job: meshopt(2 ** 30 / STRIDE), bytes: NONE },
  'the largest buffer of meshopt': { job: meshopt(MOST), bytes: NONE },
  'a texture that is larger than it says': { job: ktx2, bytes: largerThanSaid() },
  'the largest texture': { job: ktx2, bytes: ktx2File(...LARGEST, [1, 2, 3, 255]) },
} satisfies Record<string, Tried>;
const found = new Map<string, Found>();

beforeAll(async () => {
  const packed = await zeros();
  for (const [name, { job, bytes }] of Object.entries(tried)) {
    const given = job.kind === 'meshopt' ? packed : bytes;
    found.set(
      name,
      await inPage(given, (page) => page.evaluate((each) => window.decoders?.decode(each) ?? '', job)),
    );
  }
  const endless = await inPage(edges(TOO_MANY), (page) =>
    page.evaluate(() => window.decoders?.decodeWithoutEnd() ?? ''),
  );
  found.set('without an end', endless);
}, PAGE_START_MS);

const of = (name: keyof typeof tried | 'without an end'): Found => found.get(name) ?? expect.fail(name);

test.each([
  ['gigabytes of Draco', 'undecodable'],
  ['more Draco than there may be', 'undecodable'],
  ['as much Draco as there may be', 'undecodable'],
  ['a gigabyte of meshopt', 'undecodable'],
  ['the largest buffer of meshopt', 'done'],
  ['a texture that is larger than it says', 'undecodable'],
  ['the largest texture', 'done'],
] as const)('[AS93] %s leaves the process of the page within the bound of a decoder', (name, outcome) => {
  expect([name, of(name).outcome]).toEqual([name, outcome]);
  expect(of(name).bytes).toBeLessThanOrEqual(MAX_DECODER_BYTES);
});

test('[AS93] what is measured is there: the same mesh takes more where nothing ends it, and the largest parts take what they become', () => {
  expect(of('without an end').bytes).toBeGreaterThan(MAX_DECODER_BYTES);
  for (const name of ['the largest buffer of meshopt', 'the largest texture'] as const)
    expect(of(name).bytes).toBeGreaterThan(MAX_DECODED_PART_BYTES);
});

tryFailure('model-memory', async () => {
  const most = (...names: readonly (keyof typeof tried)[]): number =>
    Math.round(Math.max(...names.map((name) => of(name).bytes)) / MIB);
  const [asked, held] = [
    most(
      'gigabytes of Draco',
      'more Draco than there may be',
      'a gigabyte of meshopt',
      'a texture that is larger than it says',
    ),
    [
      most('as much Draco as there may be'),
      most('the largest buffer of meshopt'),
      most('the largest texture'),
    ],
  ];
  expect(Math.max(asked, ...held)).toBeLessThanOrEqual(MAX_DECODER_BYTES / MIB);
  return `4 × \`undecodable\` by ${asked} MiB at most; ${held.join(', ')} MiB for what comes nearest to the bound; ${Math.round(of('without an end').bytes / MIB)} MiB where nothing ends it`;
});

/** What a page of its own process does with these bytes, seen from outside. */
async function inPage(bytes: Uint8Array, run: (page: Page) => Promise<string>): Promise<Found> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const body = Buffer.from(bytes);
  await page.route('**/job.bin', (route) => route.fulfill({ body }));
  await page.goto(`${server.url}/decoders.html`);
  await page.waitForFunction(() => window.decoders !== undefined);
  await page.evaluate(() => window.decoders?.fetch('job.bin'));
  const cdp = await context.newCDPSession(page);
  await cdp.send('HeapProfiler.collectGarbage');
  const processes = await renderers();
  for (const pid of processes) await writeFile(`/proc/${pid}/clear_refs`, RESET_PEAK);
  const before = await sum(processes, 'VmRSS');
  const outcome = await run(page);
  const grown = (await sum(processes, 'VmHWM')) - before;
  await context.close();
  return { outcome, bytes: grown + bytes.length };
}

async function renderers(): Promise<readonly number[]> {
  const cdp = await browser.newBrowserCDPSession();
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo');
  await cdp.detach();
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}

/** Of what Linux says of processes: what they hold now, or held at most. */
async function sum(processes: readonly number[], figure: 'VmRSS' | 'VmHWM'): Promise<number> {
  let bytes = 0;
  for (const pid of processes) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    bytes += Number(new RegExp(`${figure}:\\s+(\\d+) kB`).exec(status)?.[1] ?? Number.NaN) * 1024;
  }
  return bytes;
}
