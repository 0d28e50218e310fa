import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { checkGlb } from '@weft/assets';
import { pages } from '@weft/testing/browser';
import { dracoGlb, houseGlb, turnedMesh } from '@weft/testing/gltf';
import { synapse } from '@weft/testing/synapse';
import { createWorld } from '@weft/world';
import { type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropFiles, exported, opened, waitFor } from './page-tools.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const HOUSE = houseGlb();
const BALL = turnedMesh([
  [0, 0],
  [1, 1],
  [0, 2],
]);

let outDir: string;
let studio: PreviewServer;

beforeAll(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'weft-studio-'));
  // What whoever puts studio on a web server types.
  const build = ['run', 'build', '--', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'];
  await promisify(execFile)('npm', build, { cwd: ROOT });
  studio = await preview({
    ...{ root: ROOT, configFile: false, logLevel: 'error' },
    ...{ build: { outDir }, preview: { host: '127.0.0.1', port: 0 } },
  });
});

afterAll(async () => {
  await studio?.close();
  await rm(outDir, { recursive: true, force: true });
});

describe('studio as it is built', () => {
  test('[AS95] takes a model apart and writes the world as one, with threads of threads that all end, in a real world', async () => {
    const { homeserver, token } = await (await synapse()).account('builder-of-the-built');
    const world = await createWorld({ login: { homeserver, token }, title: 'Built', lanes: ['matrix'] });
    await world.close();
    const [page] = await pages(1, { width: 900, height: 600 });
    const fragment = new URLSearchParams({ homeserver, token, world: world.room });
    await page.goto(`${studio.resolvedUrls?.local[0] ?? ''}?render=off&time=fixed#${fragment}`);
    await opened(page);

    await dropFiles(page, { 'house.glb': HOUSE });
    const begun = page.waitForEvent('worker', (worker) => /browser-worker/.test(worker.url()));
    await page.getByRole('dialog').getByRole('button', { name: 'Its parts' }).click();
    await begun;
    await waitFor(page, 'Roof');
    await page.getByText(/house.glb was added: 3 objects, 1 file/).waitFor();
    await dropFiles(page, { 'ball.glb': await dracoGlb(BALL) });
    await waitFor(page, 'ball');

    const saved = exported(page, 'The world');
    // What Draco compressed is undone by a thread of the thread that writes.
    await page.getByText(/Built.glb was written: 5 objects, 2 models/).waitFor();
    expect(checkGlb(await saved).nodes).toBeGreaterThanOrEqual(5);
    // The view may keep a decoder for the next model. Threads of threads take a moment to go on a busy machine.
    const atWork = () => page.workers().filter((worker) => /browser-worker/.test(worker.url()));
    await expect.poll(atWork, { timeout: 20_000 }).toEqual([]);
  });
});
