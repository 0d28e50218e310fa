import { fileURLToPath } from 'node:url';
import type { AssetCache } from '@weft/assets';
import { cacheContract } from '@weft/testing/assets';
import { launchBrowser } from '@weft/testing/browser';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll } from 'vitest';

const ROOT = fileURLToPath(new URL('page', import.meta.url));
const CACHE = fileURLToPath(new URL('../../../.weft/cache/vite-assets', import.meta.url));
const MAX_START_MS = 120_000;

let server: ViteDevServer;
let browser: Browser;
let url: string;

beforeAll(async () => {
  server = await createServer({
    root: ROOT,
    cacheDir: CACHE,
    configFile: false,
    logLevel: 'error',
    server: { host: '127.0.0.1', hmr: false, watch: null },
  });
  await server.listen();
  const address = server.httpServer?.address();
  url = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
  // Packages that are still being prepared when a page asks for them make it load twice.
  await server.warmupRequest('/page.ts');
  await server.waitForRequestsIdle();
  browser = await launchBrowser();
}, MAX_START_MS);

afterAll(async () => {
  await browser.close();
  await server.close();
});

cacheContract('[AS2] files in the Cache API of a page', () => inPage('cache', 'native'));
cacheContract('[AS2] files in IndexedDB, hashed without WebCrypto', () => inPage('indexeddb', 'plain'));

async function inPage(kind: 'cache' | 'indexeddb', hash: 'native' | 'plain') {
  const context: BrowserContext = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForFunction(() => 'call' in globalThis);
  const call = (name: string, ...args: readonly string[]): Promise<unknown> => callIn(page, name, args);
  return {
    open: async (bounds: { readonly maxBytes: number; readonly maxFiles: number }) =>
      pageCache(
        call,
        String(await call('open', kind, String(bounds.maxBytes), String(bounds.maxFiles), hash)),
      ),
    // What is asked of one page is done in order.
    setNow: (ms: number) => void call('setNow', String(ms)),
    async rewrite(sha256: string, change: (raw: Uint8Array) => Uint8Array) {
      const raw = new Uint8Array(Buffer.from(String(await call('getRaw', kind, sha256)), 'base64'));
      await call('putRaw', kind, sha256, Buffer.from(change(raw)).toString('base64'));
    },
    broken: null,
    clear: async () => void (await call('clear', kind)),
    stop: () => context.close(),
  };
}

type Call = (name: string, ...args: readonly string[]) => Promise<unknown>;

function pageCache(call: Call, handle: string): AssetCache {
  return {
    async read(sha256) {
      const found = await call('read', handle, sha256);
      return typeof found === 'string' ? new Uint8Array(Buffer.from(found, 'base64')) : null;
    },
    async keep(sha256, bytes) {
      await call('keep', handle, sha256, Buffer.from(bytes).toString('base64'));
    },
  };
}

function callIn(page: Page, name: string, args: readonly string[]): Promise<unknown> {
  return page.evaluate(([asked, given]) => (globalThis as unknown as PageGlobals).call(asked, given), [
    name,
    args,
  ] as const);
}

interface PageGlobals {
  call(name: string, args: readonly string[]): Promise<unknown>;
}
