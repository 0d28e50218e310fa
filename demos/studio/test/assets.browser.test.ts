import type { ComponentChanges } from '@weft/core';
import { type PageServer, pages } from '@weft/testing/browser';
import { dracoGlb, ktx2File, makeGlb, meshoptGlb, plainGlb, pngHead, turnedMesh } from '@weft/testing/gltf';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { film } from './film.ts';
import { dropFiles, idle, middleOf, opened, row, seen, waitFor } from './page-tools.ts';
import { serveForTests } from './serve.ts';

// Wide and near enough to fill the middle of the view, from whichever side.
const BALL = turnedMesh(
  Array.from({ length: 17 }, (_, at) => {
    const angle = (at / 16) * Math.PI;
    return [Math.sin(angle) * 0.6, 0.6 - Math.cos(angle) * 0.6] as const;
  }),
);
const RED = [0.8, 0.02, 0.02, 1] as const;
const GREEN = [0.02, 0.5, 0.05, 1] as const;

let studio: PageServer;

beforeAll(async () => {
  studio = await serveForTests();
});

afterAll(() => studio.close());

async function emptyWorld(): Promise<{ readonly page: Page; readonly requests: string[] }> {
  const [page] = await pages(1, { width: 900, height: 600 });
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(`${studio.url}/test/index.html?time=fixed&render=low&case=empty`);
  await opened(page);
  return { page, requests };
}

async function frame(page: Page, name: string): Promise<readonly [number, number, number]> {
  await waitFor(page, name);
  await idle(page);
  await row(page, name).click();
  await page.locator('main canvas').focus();
  await page.keyboard.press('f');
  await idle(page);
  return middleOf(page);
}

const assets = (page: Page) =>
  page.evaluate(() => window.weft?.view?.assets.map(({ state, reason }) => ({ state, reason })) ?? []);

describe('compressed models in a page', () => {
  test('[AS45] are drawn as what they are, and their decoders come from this origin, with the first of them', async () => {
    const { page, requests } = await emptyWorld();
    await dropFiles(page, { 'plain.glb': plainGlb(BALL, { colour: RED }) });
    const [red, green] = await frame(page, 'plain');
    expect(red).toBeGreaterThan(green * 2);
    const isDecoder = (url: string) => /draco|basis|meshopt|web-worker/.test(url);
    expect(requests.filter(isDecoder)).toEqual([]);
    await page.keyboard.press('Delete');

    await dropFiles(page, { 'draco.glb': await dracoGlb(BALL, { colour: GREEN }) });
    const draco = await frame(page, 'draco');
    expect(draco[1]).toBeGreaterThan(draco[0] * 2);
    await page.keyboard.press('Delete');

    await dropFiles(page, { 'meshopt.glb': await meshoptGlb(BALL, { colour: RED }) });
    const meshopt = await frame(page, 'meshopt');
    expect(meshopt[0]).toBeGreaterThan(meshopt[1] * 2);
    await page.keyboard.press('Delete');

    const picture = { bytes: ktx2File(16, 16, [10, 200, 30, 255]), type: 'image/ktx2' };
    await dropFiles(page, { 'texture.glb': await dracoGlb(BALL, { picture }) });
    const texture = await frame(page, 'texture');
    expect(texture[1]).toBeGreaterThan(texture[0] * 2);
    expect(requests.some(isDecoder)).toBe(true);
    expect(requests.filter((url) => !url.startsWith(studio.url) && !/^(?:data|blob):/.test(url))).toEqual([]);
  });

  test('[AS44] that are bombs become boxes with a reason within two seconds, and the next model is drawn', async () => {
    const { page } = await emptyWorld();
    // The code of the decoders is there: what follows is their own time.
    await dropFiles(page, {
      'warm.glb': await dracoGlb(BALL, { picture: texture(ktx2File(4, 4, [1, 2, 3, 255])) }),
    });
    await waitFor(page, 'warm');
    await idle(page);
    for (const [name, bytes] of bombs()) {
      const before = (await assets(page)).length;
      const failed = page.evaluate(
        () =>
          new Promise<number>((done) => {
            let start = Infinity;
            addEventListener('drop', () => (start = performance.now()), { once: true, capture: true });
            const known = window.weft?.view?.assets.length ?? 0;
            const stop = window.weft?.view?.on('assets', () => {
              if (window.weft?.view?.assets[known]?.state !== 'failed') return;
              stop?.();
              done(performance.now() - start);
            });
          }),
      );
      await dropFiles(page, { [`${name}.glb`]: bytes });
      const took = await failed;
      await waitFor(page, name);
      await idle(page);
      const after = await assets(page);
      expect([name, after.length, after.at(-1)?.state]).toEqual([name, before + 1, 'failed']);
      expect(after.at(-1)?.reason).toMatch(/expected .+, got .+/);
      // Two seconds of the part itself; the rest is what a busy machine takes to drop, read and start a thread.
      expect([name, took < 5_000]).toEqual([name, true]);
    }
    await dropFiles(page, { 'next.glb': await dracoGlb(BALL, { colour: GREEN }) });
    await waitFor(page, 'next');
    await idle(page);
    expect((await assets(page)).at(-1)?.state).toBe('ready');
    await page.getByText(`${bombs().length} files cannot be shown`).click();
    const broken = page.getByRole('listitem').filter({ hasText: 'Try again' });
    expect(await broken.count()).toBe(bombs().length);
    await broken.first().getByRole('button', { name: 'Try again' }).click();
    await idle(page);
    expect((await assets(page)).filter(({ state }) => state === 'failed')).toHaveLength(bombs().length);
  });
});

describe('pictures, sounds and films', () => {
  test('[AS46] are dropped, shown and played: a film in silence, a sound once somebody has clicked', async () => {
    const { page } = await emptyWorld();
    await dropFiles(page, { 'tone.wav': tone() });
    await waitFor(page, 'tone');
    await idle(page);
    // Whether a browser without a head wants a click first is its own affair; one is enough, anyhow.
    await page.locator('main canvas').click();
    await page.waitForFunction(() => window.weft?.view?.sound === 'on');
    await page.getByRole('button', { name: 'Turn the sound of the world off' }).click();
    await page.waitForFunction(() => window.weft?.view?.sound === 'muted');

    await dropFiles(page, { 'film.webm': await film(page, ['#1010f0']) });
    const colour = await frame(page, 'film');
    expect(colour[2]).toBeGreaterThan(Math.max(colour[0], colour[1]) * 2);
    await page.keyboard.press('Delete');
    await waitFor(page, 'film', false);

    await dropFiles(page, { 'sign.png': await picture(page) });
    const sign = await frame(page, 'sign');
    expect(sign[1]).toBeGreaterThan(Math.max(sign[0], sign[2]) * 2);
    await dropFiles(page, { 'large.png': pngHead(65_535, 65_535) });
    await waitFor(page, 'large');
    await idle(page);
    const failed = (await assets(page)).filter(({ state }) => state === 'failed');
    expect(failed.map(({ reason }) => reason)).toEqual([expect.stringContaining('65535 × 65535')]);
  });

  test('[AS92] a film all round shows in each direction what it has there, from wherever one looks, and turns with its object', async () => {
    const { page } = await emptyWorld();
    // From the left edge of the film: its middle is towards +x, as that of a picture of the sky.
    const quarters = ['red', 'green', 'blue', 'yellow'];
    await dropFiles(page, { 'round.webm': await film(page, ['#e01010', '#10d010', '#1010f0', '#e0e010']) });
    await waitFor(page, 'round');
    await idle(page);
    const { id } = await seen(page, 'round');
    const set = (components: ComponentChanges) =>
      page.evaluate(
        ([object, value]) => {
          window.weft?.world.edit('turn the film', (e) => e.set(object, value));
        },
        [id, components] as const,
      );
    await set({ video: { projection: 'sphere' } });
    await page.keyboard.press('Escape');

    /** What one sees there who stands here and looks into the middle of each quarter. */
    const around = async (from: readonly [number, number, number]): Promise<(string | null)[]> => {
      const found: (string | null)[] = [];
      for (const at of quarters.keys()) {
        const angle = ((at + 0.5) / 4 - 0.5) * 2 * Math.PI;
        // A little upwards, past the grid and the things that stand on it.
        const to = [from[0] + Math.cos(angle), from[1] + 0.3, from[2] + Math.sin(angle)] as const;
        await page.evaluate(([here, there]) => window.weft?.look(here, there), [from, to] as const);
        await idle(page);
        found.push(hueOf(await middleOf(page)));
      }
      return found;
    };
    expect(await around([0, 1.6, 0])).toEqual(quarters);
    expect(await around([60, 3, -25])).toEqual(quarters);
    const half = Math.SQRT1_2;
    await set({ transform: { rotation: [0, half, 0, half] } });
    // A quarter of a turn to the left: what stood at +x stands at -z.
    expect(await around([0, 1.6, 0])).toEqual(['green', 'blue', 'yellow', 'red']);
  });

  test('a .gltf file takes the files with it that were dropped beside it', async () => {
    const { page } = await emptyWorld();
    const { json, bin } = apart(plainGlb(BALL, { colour: RED }));
    const document = { ...json, buffers: [{ byteLength: bin.length, uri: 'ball.bin' }] };
    const text = new TextEncoder().encode(JSON.stringify(document));
    await dropFiles(page, { 'ball.gltf': text, 'ball.bin': bin });
    const [red, green] = await frame(page, 'ball');
    expect(red).toBeGreaterThan(green * 2);
    await dropFiles(page, { 'lonely.gltf': text });
    await page.getByRole('alert').getByText('Cannot use lonely', { exact: true }).waitFor();
  });
});

/** Which of the four a colour is, by which of its channels are bright; `null` for any other. */
function hueOf(colour: readonly number[]): string | null {
  const most = Math.max(...colour);
  const bright = colour.map((channel) => (channel > most / 2 ? 1 : 0)).join('');
  const names: Readonly<Record<string, string>> = {
    100: 'red',
    '010': 'green',
    '001': 'blue',
    110: 'yellow',
  };
  return most > 100 ? (names[bright] ?? null) : null;
}

const texture = (bytes: Uint8Array) => ({ bytes, type: 'image/ktx2' });

function bombs(): (readonly [name: string, bytes: Uint8Array])[] {
  const head = [...'DRACO'].map((letter) => letter.charCodeAt(0));
  const many = [0x80, 0x80, 0x80, 0x80, 2];
  const attributes = { POSITION: 0 };
  const draco = (bytes: readonly number[]) => {
    const bomb = Uint8Array.from({ length: 61 }, (_, at) => bytes[at] ?? 0);
    const extensions = { KHR_draco_mesh_compression: { bufferView: 0, attributes } };
    return makeGlb(
      {
        asset: { version: '2.0' },
        scenes: [{ nodes: [0] }],
        nodes: [{ mesh: 0 }],
        meshes: [{ primitives: [{ attributes, indices: 1, extensions }] }],
        accessors: [
          { componentType: 5126, count: 3, type: 'VEC3' },
          { componentType: 5125, count: 3, type: 'SCALAR' },
        ],
        bufferViews: [{ buffer: 0, byteLength: 61 }],
        buffers: [{ byteLength: 61 }],
      },
      bomb,
    );
  };
  const lie = ktx2File(8, 8, [1, 2, 3, 255]);
  new DataView(lie.buffer).setUint32(20, 4_096, true);
  new DataView(lie.buffer).setUint32(24, 4_096, true);
  return [
    ['edges', draco([...head, 2, 2, 1, 1, 0, 0, 0, ...many, ...many, 0, ...many])],
    ['sequence', draco([...head, 2, 2, 1, 0, 0, 0, ...many, ...many, 1])],
    ['lie', plainGlb(BALL, { picture: texture(lie) })],
    ['large', plainGlb(BALL, { picture: { bytes: pngHead(65_535, 65_535), type: 'image/png' } })],
  ];
}

/** A second of 440 Hz as a WAV file. */
function tone(): Uint8Array {
  const [rate, samples] = [8_000, 8_000];
  const bytes = new Uint8Array(44 + samples * 2);
  const view = new DataView(bytes.buffer);
  for (const [at, text] of [
    [0, 'RIFF'],
    [8, 'WAVEfmt '],
    [36, 'data'],
  ] as const) {
    bytes.set(new TextEncoder().encode(text), at);
  }
  view.setUint32(4, bytes.length - 8, true);
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  view.setUint32(40, samples * 2, true);
  for (let at = 0; at < samples; at += 1) {
    view.setInt16(44 + at * 2, Math.sin((at / rate) * 440 * 2 * Math.PI) * 8_000, true);
  }
  return bytes;
}

/** A picture in green. */
async function picture(page: Page): Promise<Uint8Array> {
  const base64 = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(32, 32);
    const context = canvas.getContext('2d');
    if (context !== null) {
      context.fillStyle = '#10d020';
      context.fillRect(0, 0, 32, 32);
    }
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
    return btoa(String.fromCharCode(...bytes));
  });
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

function apart(glb: Uint8Array): { readonly json: object; readonly bin: Uint8Array } {
  const view = new DataView(glb.buffer, glb.byteOffset);
  const length = view.getUint32(12, true);
  const json: object = JSON.parse(new TextDecoder().decode(glb.subarray(20, 20 + length)));
  return { json, bin: glb.slice(28 + length) };
}
