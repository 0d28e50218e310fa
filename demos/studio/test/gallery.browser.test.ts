import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { WEFT_DIRECTORY } from '@weft/testing';
import { pages } from '@weft/testing/browser';
import { synapse } from '@weft/testing/synapse';
import { createWorld } from '@weft/world';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { furnishGallery, publishGallery } from './gallery.ts';
import { idle, opened, row } from './page-tools.ts';
import { type ServedStudio, serveForTests } from './serve.ts';

const PICTURES = join(WEFT_DIRECTORY, 'pictures');

let studio: ServedStudio;

beforeAll(async () => {
  studio = await serveForTests();
  await mkdir(PICTURES, { recursive: true });
});

afterAll(() => studio.close());

test('[AS45] a world shows models that a homeserver keeps, and says of the one that it has lost', async () => {
  const server = await synapse();
  const { homeserver, token } = await server.account('curator');
  const world = await createWorld({ login: { homeserver, token }, title: 'Gallery' });
  const { room } = world;
  const files = await publishGallery(world);
  const lost = files.vase.src.replace(/[^/]+$/, 'WithdrawnByItsServer0000');
  await world.edit('furnish', (e) => furnishGallery(e, files, lost)).durable;
  await world.close();

  const [page] = await pages(1, { width: 1_200, height: 760, timeoutMs: 90_000 });
  const fragment = new URLSearchParams({ homeserver, token, world: room });
  await page.goto(`${studio.url}/?render=full&time=fixed#${fragment}`);
  await opened(page);
  const assets = await page.evaluate(
    () => window.weft?.view?.assets.map(({ src, state }) => ({ src, state })) ?? [],
  );
  expect(Object.fromEntries(assets.map(({ src, state }) => [src, state]))).toEqual({
    ...Object.fromEntries(Object.values(files).map(({ src }) => [src, 'ready'])),
    [lost]: 'failed',
  });
  await page.getByText('1 file cannot be shown').click();
  await page.getByRole('listitem').getByText('Lost statue').waitFor();
  await row(page, 'Exhibits').click();
  await page.keyboard.press('ArrowRight');
  await row(page, 'Lost statue').click();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await idle(page);
    await page.screenshot({
      path: join(PICTURES, `studio-assets-${colorScheme}.png`),
      animations: 'disabled',
    });
  }
});
