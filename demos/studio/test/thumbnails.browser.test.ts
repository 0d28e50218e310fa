import { type PageServer, pages } from '@weft/testing/browser';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { row } from './page-tools.ts';
import { serveForTests } from './serve.ts';

let studio: PageServer;
let page: Page;

beforeAll(async () => {
  studio = await serveForTests();
});

beforeEach(async () => {
  [page] = await pages(1, { width: 1_000, height: 700 });
  await page.goto(`${studio.url}/test/index.html?time=fixed&render=low&case=thumbnails`);
  await page.waitForFunction(() => window.weft !== undefined);
});

afterAll(() => studio.close());

/** What is in the view once it looks at this object, without a frame round it. */
async function lookAt(name: string): Promise<void> {
  await row(page, name).click();
  await page.locator('main canvas').focus();
  await page.keyboard.press('f');
  await page.keyboard.press('Escape');
  await expect.poll(() => page.locator('[aria-selected="true"]').count()).toBe(0);
}

/** Brown as the table is, somewhere in the middle of a canvas or of the view. */
async function brownPixels(png: Buffer): Promise<number> {
  return page.evaluate(async (base64) => {
    const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
    const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
    context?.drawImage(picture, 0, 0);
    const { data } = context?.getImageData(0, 0, picture.width, picture.height) ?? { data: [] };
    let brown = 0;
    for (let at = 0; at < data.length; at += 4) {
      const [red = 0, green = 0, blue = 0] = [data[at], data[at + 1], data[at + 2]];
      if (red > green * 1.2 && green > blue * 1.2) brown += 1;
    }
    return brown;
  }, png.toString('base64'));
}

describe('thumbnails in a page', () => {
  test('[AS83] stand in the outline, beside the name in the inspector, and in the list of what cannot be shown', async () => {
    const small = await row(page, 'Lost table').locator('canvas.thumbnail').screenshot();
    expect(await brownPixels(small)).toBeGreaterThan(20);
    await row(page, 'Slow table').click();
    const large = await page.getByLabel('Inspector').locator('canvas.thumbnail').screenshot();
    expect(await brownPixels(large)).toBeGreaterThan(200);
    await page.getByText('2 files cannot be shown').click();
    const listed = page.getByRole('listitem').filter({ hasText: 'Lost table' }).locator('canvas.thumbnail');
    expect(await brownPixels(await listed.screenshot())).toBeGreaterThan(50);
  });

  test.each([['Slow table'], ['Lost table'], ['Slow picture']])(
    '[AS83] stand in the view where it would be: %s',
    async (name) => {
      await lookAt(name);
      await expect
        .poll(async () => brownPixels(await page.locator('main canvas').screenshot()), { timeout: 20_000 })
        .toBeGreaterThan(500);
    },
  );

  test('[AS84] that are bombs show nothing and are told to nobody', async () => {
    await row(page, 'Slow table').locator('canvas.thumbnail').waitFor();
    await row(page, 'Bare table').click();
    await page.evaluate(() => new Promise((done) => setTimeout(done, 500)));
    expect(await row(page, 'Bare table').locator('canvas.thumbnail').count()).toBe(0);
    expect(await page.getByLabel('Inspector').locator('canvas.thumbnail').count()).toBe(0);
    await lookAt('Bare table');
    expect(await brownPixels(await page.locator('main canvas').screenshot())).toBe(0);
    const told = await page.evaluate(() =>
      window.weft?.view?.assets.map(({ src }) => src.slice('mxc://example.org/'.length)),
    );
    expect(new Set(told)).toEqual(new Set(['table', 'slow', 'lost', 'gone']));
  });
});
