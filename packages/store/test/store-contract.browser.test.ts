import { fileURLToPath } from 'node:url';
import { launchBrowser, type PageServer, servePages } from '@weft/testing/browser';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PagePlace } from './page-place.ts';
import { refuses, storeContract } from './store-contract.ts';

const ROOT = fileURLToPath(new URL('page', import.meta.url));
const MAX_START_MS = 120_000;
/** How long Chromium keeps in mind, after a database was closed, how much room there was. */
const FORGETS_ROOM_MS = 3_000;

let server: PageServer;
let browser: Browser;

beforeAll(async () => {
  // A sandboxed frame has an origin of its own.
  server = await servePages({ root: ROOT, name: 'store', entries: ['/page.ts'], cors: true });
  browser = await launchBrowser();
}, MAX_START_MS);

afterAll(async () => {
  await browser.close();
  await server.close();
});

storeContract('IndexedDB', async () => {
  const context = await browser.newContext();
  const page = await openPage(context);
  const place = new PagePlace(page);
  // Room is counted by profile, and remembered for a while: a profile of its own begins with what it is told.
  const smallContext = await browser.newContext();
  const small = await openPage(smallContext);
  const devtools = await smallContext.newCDPSession(small);
  return {
    place,
    outlivesProcess: true,
    async rewrite(name, key, change) {
      const raw = Buffer.from(String(await place.call('getRaw', name, key)), 'base64');
      const changed = change(new Uint8Array(raw));
      await place.call('putRaw', name, key, Buffer.from(changed).toString('base64'));
    },
    async copy(name, from, to) {
      await place.call('putRaw', name, to, String(await place.call('getRaw', name, from)));
    },
    async limit(name, bytes) {
      const quota = bytes === null ? {} : { quotaSize: bytes };
      await devtools.send('Storage.overrideQuotaForOrigin', { origin: server.url, ...quota });
      if (bytes === null) await small.waitForTimeout(FORGETS_ROOM_MS);
      return new PagePlace(small).open(name);
    },
    nowhere: new PagePlace(await sandboxed(page)),
    async stop() {
      await smallContext.close();
      await context.close();
    },
  };
});

describe('two windows of one browser', () => {
  it('[I3] share a store one after the other, also where the first was closed without a word', async () => {
    const context = await browser.newContext();
    const [first, second] = [await openPage(context), await openPage(context)];
    const [mine, theirs] = [new PagePlace(first), new PagePlace(second)];
    const store = await mine.open('shared');
    await store.write({ put: new Map([['k', Uint8Array.of(1)]]) });
    await refuses(theirs.open('shared'), 'busy');
    await first.close();
    // The browser gives the lock back when it has ended the page.
    let later = null;
    for (let tries = 0; later === null && tries < 100; tries += 1)
      later = await theirs.open('shared').catch(() => second.waitForTimeout(20).then(() => null));
    expect(await later?.read('k')).toEqual(Uint8Array.of(1));
    await context.close();
  });

  it('[I8] lose nothing that was acknowledged where the page is killed', async () => {
    const context = await browser.newContext();
    const page = await openPage(context);
    const store = await new PagePlace(page).open('killed');
    for (let at = 0; at < 20; at += 1)
      await store.write({ put: new Map([[`r/${at}`, Uint8Array.of(at)]]), remove: [`r/${at - 5}`] });
    const crashed = page.waitForEvent('crash');
    await page.goto('chrome://crash').catch(() => undefined);
    await crashed;
    const again = new PagePlace(await openPage(context));
    let found = null;
    for (let tries = 0; found === null && tries < 100; tries += 1)
      found = await again.open('killed').catch(() => null);
    expect([...((await found?.readAll('r/')) ?? [])]).toEqual(
      [15, 16, 17, 18, 19].map((at) => [`r/${at}`, Uint8Array.of(at)]),
    );
    await context.close();
  });
});

async function openPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(server.url);
  await page.waitForFunction(() => 'call' in globalThis);
  return page;
}

/** A frame without an origin: the browser lets it store nothing. */
async function sandboxed(page: Page): Promise<Frame> {
  await page.evaluate((address) => {
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-scripts');
    frame.src = address;
    document.body.append(frame);
  }, `${server.url}/index.html`);
  const frame = page.frames().at(-1);
  if (frame === undefined) throw new Error('no frame');
  await frame.waitForFunction(() => 'call' in globalThis);
  return frame;
}
