import type { AssetCache } from '@weft/assets';
import { cacheContract } from '@weft/testing/assets';
import type { BrowserContext } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { type Call, PAGE_START_MS, type ServedPage, servePage } from './serve-page.ts';

let served: ServedPage;

beforeAll(async () => {
  served = await servePage();
}, PAGE_START_MS);

afterAll(() => served.close());

cacheContract('[AS2] files in the Cache API of a page', () => inPage('cache', 'native'));
cacheContract('[AS2] files in IndexedDB, hashed without WebCrypto', () => inPage('indexeddb', 'plain'));

async function inPage(kind: 'cache' | 'indexeddb', hash: 'native' | 'plain') {
  const context: BrowserContext = await served.browser.newContext();
  const page = await context.newPage();
  const call = await served.callsOf(page);
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
