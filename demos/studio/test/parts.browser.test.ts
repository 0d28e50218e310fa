import { checkGlb } from '@weft/assets';
import { type PageServer, pages } from '@weft/testing/browser';
import { dracoGlb, houseGlb, turnedMesh } from '@weft/testing/gltf';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropFiles, exported, find, idle, opened, seen, waitFor } from './page-tools.ts';
import { serveForTests } from './serve.ts';

const HOUSE = houseGlb();

let studio: PageServer;

beforeAll(async () => {
  studio = await serveForTests();
});

afterAll(() => studio.close());

async function emptyWorld(): Promise<Page> {
  const [page] = await pages(1, { width: 900, height: 600 });
  await page.goto(`${studio.url}/test/index.html?time=fixed&render=low&case=empty`);
  await opened(page);
  return page;
}

describe('a model of several parts in a page', () => {
  test('[AS78] is asked about when it is dropped, and is one object, its parts in one step, or nothing', async () => {
    const page = await emptyWorld();
    const card = page.getByRole('dialog');
    await dropFiles(page, { 'house.glb': HOUSE });
    await card.getByText('house.glb: 3 parts').waitFor();
    await page.keyboard.press('Escape');
    await card.waitFor({ state: 'hidden' });
    expect(await page.getByRole('treeitem').count()).toBe(0);

    await dropFiles(page, { 'house.glb': HOUSE });
    await card.getByRole('button', { name: 'One object' }).click();
    await waitFor(page, 'house');
    expect(await find(page, 'Door')).toBeNull();
    await page.keyboard.press('Control+z');
    await waitFor(page, 'house', false);

    await dropFiles(page, { 'house.glb': HOUSE });
    await card.getByRole('button', { name: 'Its parts' }).click();
    await waitFor(page, 'Roof');
    expect((await seen(page, 'Roof')).parent).toBe((await seen(page, 'House')).id);
    expect((await seen(page, 'House')).parent).toBe((await seen(page, 'house')).id);
    await page.keyboard.press('Control+z');
    await waitFor(page, 'house', false);
    expect(await find(page, 'Roof')).toBeNull();
  });

  test('[AS79] the world and what is selected are saved as models; [AS81] parts of Draco too', async () => {
    const page = await emptyWorld();
    const ball = await dracoGlb(
      turnedMesh([
        [0, 0],
        [1, 1],
        [0, 2],
      ]),
    );
    await dropFiles(page, { 'ball.glb': ball });
    await waitFor(page, 'ball');
    await dropFiles(page, { 'house.glb': HOUSE });
    await page.getByRole('dialog').getByRole('button', { name: 'Its parts' }).click();
    await waitFor(page, 'Roof');
    await idle(page);
    const world = checkGlb(await exported(page, 'The world'));
    // The ball, and the group with its three parts.
    expect([world.nodes, world.extensionsRequired]).toEqual([5, []]);
    const selection = checkGlb(await exported(page, 'What is selected'));
    expect(selection.nodes).toBe(4);
    await page.getByText(/was written: 4 objects/).waitFor();
  });
});
