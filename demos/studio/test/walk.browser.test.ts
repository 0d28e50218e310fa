import { type PageServer, pages } from '@weft/testing/browser';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { opened } from './page-tools.ts';
import { serveForTests } from './serve.ts';

let studio: PageServer;

beforeAll(async () => {
  studio = await serveForTests();
});

afterAll(() => studio.close());

async function walking(query: string): Promise<Page> {
  const [page] = await pages(1, { width: 900, height: 600 });
  await page.goto(`${studio.url}/test/index.html?time=fixed&render=low&${query}`);
  await opened(page);
  await page.getByRole('button', { name: 'Walk', exact: true }).click();
  await page.getByRole('toolbar', { name: 'Walking' }).waitFor();
  return page;
}

const body = (page: Page) =>
  page.evaluate(
    () => window.weft?.world.motion.avatars.value.find(({ own }) => own)?.poseAt()?.body.position,
  );

test('[AV26] a person walks by keys, sits down, stands up and leaves; the gizmo and its keys are away meanwhile', async () => {
  const page = await walking('case=full&lane=relay');
  expect(await body(page)).toEqual([0, 0, 8]);
  await page.keyboard.down('w');
  await page.waitForFunction(() => {
    const own = window.weft?.world.motion.avatars.value.find((avatar) => avatar.own)?.poseAt();
    return own?.state === 'walk' && own.body.position[2] < 7.5;
  });
  await page.keyboard.up('w');
  await page.getByRole('button', { name: 'Sit on the bench' }).waitFor();
  await page.keyboard.press('e');
  await page.getByRole('button', { name: 'Stand up' }).waitFor();
  const [x, y, z] = (await body(page)) ?? expect.fail('nobody');
  expect([x, y, z]).toEqual([0, 0.5, 5]);
  await page.keyboard.press('s');
  await page.getByRole('button', { name: 'Sit on the bench' }).waitFor();
  await page.keyboard.press('Delete');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Walk', exact: true }).waitFor();
  expect(await body(page)).toBeUndefined();
});

test('[AV26] a click leads to where it was', async () => {
  const page = await walking('case=full&lane=relay');
  const canvas = (await page.locator('main canvas').boundingBox()) ?? expect.fail('no view');
  await page.mouse.click(canvas.x + canvas.width * 0.35, canvas.y + canvas.height * 0.8);
  await page.waitForFunction(() => {
    const own = window.weft?.world.motion.avatars.value.find((avatar) => avatar.own)?.poseAt();
    return own !== undefined && own !== null && own.state === 'stand' && own.body.position[0] < -0.3;
  });
});
