import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Relay, startRelay } from '@weft/relay';
import { readConfig } from '@weft/relay/config';
import { until, WEFT_DIRECTORY } from '@weft/testing';
import { type PageServer, pages } from '@weft/testing/browser';
import { synapse } from '@weft/testing/synapse';
import { createWorld } from '@weft/world';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { furnishGallery, publishGallery } from './gallery.ts';
import { idle, opened, row } from './page-tools.ts';
import { serveForTests } from './serve.ts';

const PICTURES = join(WEFT_DIRECTORY, 'pictures');

let studio: PageServer;
let relay: Relay;
let journal: string;

beforeAll(async () => {
  const server = await synapse();
  const { homeserver, token } = await server.account('gallery-relay');
  journal = await mkdtemp(join(tmpdir(), 'weft-gallery-'));
  const settings = {
    homeserver: { url: homeserver },
    server: { port: 0 },
    journal: { directory: journal },
    log: { level: 'silent' },
  };
  relay = await startRelay({
    config: readConfig('the test', settings, {}),
    secrets: { token, password: null, appservice: null, metricsToken: null },
    writeLog: () => undefined,
  });
  studio = await serveForTests();
  await mkdir(PICTURES, { recursive: true });
});

afterAll(async () => {
  await Promise.all([studio?.close(), relay?.close()]);
  await rm(journal, { recursive: true, force: true });
});

test('[AS45] a world shows models that a homeserver and IPFS keep, and says of the one that is lost', async () => {
  const server = await synapse();
  const { homeserver, token } = await server.account('curator');
  const world = await createWorld({
    login: { homeserver, token },
    title: 'Gallery',
    relays: [{ type: 'world.weft.relay', url: relay.url, user_id: relay.userId }],
    access: 'public',
  });
  const { room } = world;
  await until(() => world.status.value.lane === 'relay', { what: 'the lane of the relay' });
  const files = await publishGallery(world);
  expect([files.vase.src.slice(0, 7), files.bowl.src.slice(0, 7)]).toEqual(['mxc://l', 'ipfs://']);
  const lost = files.vase.src.replace(/[^/]+$/, 'WithdrawnByItsServer0000');
  await world.edit('furnish', (e) => furnishGallery(e, files, lost)).durable;
  await world.close();

  const [page] = await pages(1, { width: 1_200, height: 760, timeoutMs: 90_000 });
  const fragment = new URLSearchParams({ homeserver, token, world: room });
  await page.goto(`${studio.url}/?render=full&time=fixed#${fragment}`);
  await opened(page);
  // What lies in IPFS comes through the relay, which the page has to be on first.
  await page.waitForFunction(() => window.weft?.world.status.value.lane === 'relay');
  await page.evaluate(() => {
    const { view } = window.weft ?? {};
    for (const { src, state } of view?.assets ?? []) if (state === 'failed') view?.retryAsset(src);
  });
  await idle(page);
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
