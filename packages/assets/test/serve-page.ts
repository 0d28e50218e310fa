import { fileURLToPath } from 'node:url';
import { launchBrowser } from '@weft/testing/browser';
import type { Browser, Page } from 'playwright-core';
import { createServer } from 'vite';

/** Asks the page; bytes cross as base64. */
export type Call = (name: string, ...args: readonly string[]) => Promise<unknown>;

export interface ServedPage {
  readonly browser: Browser;
  /** Opens the page in a new tab's page. */
  callsOf(page: Page): Promise<Call>;
  close(): Promise<void>;
}

export const PAGE_START_MS = 120_000;
const ROOT = fileURLToPath(new URL('page', import.meta.url));
const CACHE = fileURLToPath(new URL('../../../.weft/cache/vite-assets', import.meta.url));

/** The page of these tests, and a browser to open it in. */
export async function servePage(): Promise<ServedPage> {
  const server = await createServer({
    root: ROOT,
    cacheDir: CACHE,
    configFile: false,
    logLevel: 'error',
    server: { host: '127.0.0.1', hmr: false, watch: null },
  });
  await server.listen();
  const address = server.httpServer?.address();
  const url = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
  // Packages that are still being prepared when a page asks for them make it load twice.
  await server.warmupRequest('/page.ts');
  await server.waitForRequestsIdle();
  const browser = await launchBrowser();
  return {
    browser,
    async callsOf(page) {
      await page.goto(url);
      await page.waitForFunction(() => 'call' in globalThis);
      return (name, ...args) =>
        page.evaluate(([asked, given]) => (globalThis as unknown as PageGlobals).call(asked, given), [
          name,
          args,
        ] as const);
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

interface PageGlobals {
  call(name: string, args: readonly string[]): Promise<unknown>;
}
