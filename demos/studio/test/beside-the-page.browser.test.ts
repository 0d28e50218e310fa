import { checkGlb } from '@weft/assets';
import { type PageServer, pages } from '@weft/testing/browser';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { bigModel } from './big-model.ts';
import { exported, find, opened, row, waitFor } from './page-tools.ts';
import { serveSources } from './serve.ts';

const PARTS = 480;
/** Of 4,225 corners each: 24 MB in one file, 71 MB in many. */
const SIDE = 64;

declare global {
  interface Window {
    bigModel?: typeof bigModel;
  }
}

let studio: PageServer;

beforeAll(async () => {
  studio = await serveSources();
});

afterAll(() => studio.close());

async function open(world: string): Promise<Page> {
  const [page] = await pages(1, { width: 1_000, height: 700, timeoutMs: 60_000 });
  await page.goto(`${studio.url}/test/index.html?time=fixed&render=off&case=${world}`);
  await opened(page);
  return page;
}

/** Lets it go over the page, which makes it itself. */
async function dropModel(page: Page): Promise<void> {
  await page.addScriptTag({
    type: 'module',
    content: "import { bigModel } from '/test/big-model.ts'; window.bigModel = bigModel;",
  });
  await page.waitForFunction(() => window.bigModel !== undefined);
  await page.evaluate(
    ([parts, side]) => {
      const dataTransfer = new DataTransfer();
      const bytes = window.bigModel?.(parts, side) ?? new Uint8Array();
      dataTransfer.items.add(new File([bytes], 'city.glb'));
      document.querySelector('main')?.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true }));
    },
    [PARTS, SIDE] as const,
  );
  await page.getByRole('dialog').getByRole('button', { name: 'Its parts' }).click();
}

/** Until a message says so of work under way. */
const working = (page: Page, words: string | RegExp) =>
  page.locator('.toast.working').filter({ hasText: words });

/** A click that is answered. */
async function select(page: Page, name: string): Promise<void> {
  await row(page, name).click();
  await page.locator('[role="treeitem"][aria-selected="true"]').filter({ hasText: name }).waitFor();
}

/** Whether a click is answered, and the work that was under way still is. */
async function clickMeanwhile(page: Page, name: string, words: string | RegExp): Promise<void> {
  await select(page, name);
  expect(await working(page, words).count(), `${name} was selected while "${words}"`).toBe(1);
}

/** What the page itself has loaded; what its workers did is not in it. */
const loadedByPage = (page: Page) =>
  page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));

const COMPUTES = /explode-glb|write-glb|gltf-transform/;

describe('a big model', () => {
  test('[AS97] is taken apart while the page answers clicks, by code that the page itself never loads', async () => {
    const page = await open('full');
    await dropModel(page);
    const apart = /taking it apart, \d+ of 480 files/;
    await working(page, apart).waitFor();
    expect(await page.locator('.toast.working progress').getAttribute('value')).toMatch(/^0\.\d+$/);
    await clickMeanwhile(page, 'Fountain', 'taking it apart');
    // By then a fast machine may be done.
    await select(page, 'Lamps');
    await waitFor(page, `Part ${PARTS - 1}`);
    await page.getByText(/city.glb was added: 480 objects, 480 files/).waitFor();
    expect((await loadedByPage(page)).filter((url) => COMPUTES.test(url))).toEqual([]);
    await expect.poll(() => page.workers().length).toBe(0);

    const saved = exported(page, 'The world');
    await working(page, /writing, \d+ of \d+ objects/).waitFor();
    await clickMeanwhile(page, 'Fountain', 'writing');
    expect(checkGlb(await saved).meshes).toBeGreaterThanOrEqual(PARTS);
    expect((await loadedByPage(page)).filter((url) => COMPUTES.test(url))).toEqual([]);
    await expect.poll(() => page.workers().length).toBe(0);
  });

  test('[AS98] is given up by Escape or Stop half way, which ends the worker and leaves nothing', async () => {
    const page = await open('empty');
    const stops: readonly (() => Promise<void>)[] = [
      () => page.keyboard.press('Escape'),
      () => page.getByRole('button', { name: 'Stop' }).click(),
    ];
    for (const stop of stops) {
      await dropModel(page);
      await working(page, /taking it apart, \d+ of/).waitFor();
      expect(page.workers().length).toBeGreaterThan(0);
      await stop();
      await page.getByText('city.glb was not added').waitFor();
      await expect.poll(() => page.workers().length).toBe(0);
      expect(await find(page, 'city')).toBeNull();
      await page.keyboard.press('Escape');
    }
  });
});
