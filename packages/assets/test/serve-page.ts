import { launchBrowser } from '@weft/testing/browser';
import type { Browser, Page } from 'playwright-core';
import { serveAssetPages } from './page-server.ts';

/** Asks the page; bytes cross as base64. */
export type Call = (name: string, ...args: readonly string[]) => Promise<unknown>;

export interface ServedPage {
  readonly browser: Browser;
  /** Opens the page in a new tab's page. */
  callsOf(page: Page): Promise<Call>;
  close(): Promise<void>;
}

export const PAGE_START_MS = 120_000;

/** The page of these tests, and a browser to open it in. */
export async function servePage(): Promise<ServedPage> {
  const server = await serveAssetPages('/page.ts');
  const browser = await launchBrowser();
  return {
    browser,
    async callsOf(page) {
      await page.goto(server.url);
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
