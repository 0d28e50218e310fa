import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** What a test wants to know of an object. */
export interface SeenObject {
  readonly id: string;
  readonly parent: string;
  readonly position: readonly number[];
  readonly stage: 'local' | 'held' | 'durable';
}

/** Waits until studio shows a world and has drawn all of it. */
export async function opened(page: Page): Promise<void> {
  await page.waitForFunction(() => window.weft !== undefined);
  await idle(page);
}

export async function idle(page: Page): Promise<void> {
  await page.evaluate(() => window.weft?.idle());
}

export function find(page: Page, name: string): Promise<SeenObject | null> {
  return page.evaluate((wanted) => {
    const world = window.weft?.world;
    const object = [...(world?.objects() ?? [])].find(({ node }) => node?.name === wanted);
    if (world === undefined || object === undefined) return null;
    const position = [...object.worldMatrix].slice(12, 15);
    return { id: object.id, parent: object.parent, position, stage: world.stage(object.id) };
  }, name);
}

export async function seen(page: Page, name: string): Promise<SeenObject> {
  return (await find(page, name)) ?? expect.fail(`no object is called ${name}`);
}

/** Until an object of this name is there, or is gone. */
export async function waitFor(page: Page, name: string, there = true): Promise<void> {
  await page.waitForFunction(
    ([wanted, wish]) =>
      [...(window.weft?.world.objects() ?? [])].some(({ node }) => node?.name === wanted) === wish,
    [name, there] as const,
  );
}

export const row = (page: Page, name: string) => page.getByRole('treeitem', { name, exact: false }).first();

/** The colour in the middle of the view, 0 to 255. */
export async function middleOf(page: Page): Promise<readonly [red: number, green: number, blue: number]> {
  const box = (await page.locator('main canvas').boundingBox()) ?? expect.fail('no view');
  const clip = { x: box.x + box.width / 2 - 1, y: box.y + box.height / 2 - 1, width: 2, height: 2 };
  const png = (await page.screenshot({ clip })).toString('base64');
  return page.evaluate(async (base64) => {
    const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
    const context = new OffscreenCanvas(1, 1).getContext('2d');
    context?.drawImage(picture, 0, 0);
    const [red = 0, green = 0, blue = 0] = context?.getImageData(0, 0, 1, 1).data ?? [];
    return [red, green, blue] as const;
  }, png);
}

/** Lets files go over the view, as a person would from a folder. */
export async function dropFiles(page: Page, files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  const packed = Object.entries(files).map(
    ([name, bytes]) => [name, Buffer.from(bytes).toString('base64')] as const,
  );
  const dataTransfer = await page.evaluateHandle((entries) => {
    const transfer = new DataTransfer();
    for (const [name, base64] of entries) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([bytes], name));
    }
    return transfer;
  }, packed);
  const box = (await page.locator('main').boundingBox()) ?? expect.fail('no view');
  const at = { clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 };
  await page.dispatchEvent('main', 'dragover', { dataTransfer, ...at });
  await page.dispatchEvent('main', 'drop', { dataTransfer, ...at });
}

/** Saves what the menu exports. */
export async function exported(page: Page, item: string): Promise<Uint8Array> {
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: item }).click();
  const download = await saved;
  expect(download.suggestedFilename()).toMatch(/\.glb$/);
  return new Uint8Array(await readFile(await download.path()));
}
