import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, expect, onTestFinished } from 'vitest';
import { launchBrowser } from '../chromium/launch-browser.ts';
import { WEFT_DIRECTORY } from '../weft-directory.ts';

/** Pages that render at once; more only wait for each other on two cores. */
export const MAX_PAGES = 4;

export interface PagesOptions {
  /** Default 320. */
  readonly width?: number;
  /** Default 180. */
  readonly height?: number;
  /** Errors of a page that the test is about; any other fails it. */
  readonly allowErrors?: RegExp;
  /** Default 30 s: how long an action or a wait on a condition may take. */
  readonly timeoutMs?: number;
}

const DEFAULT_WIDTH = 320;
const DEFAULT_HEIGHT = 180;
const MAX_SHOWN_MESSAGES = 20;
const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Opens real pages, each with a profile of its own, for the test that runs. They close with it. An uncaught error, an
 * unhandled rejection or a crash in any of them fails the test, and a failed test leaves a Playwright trace of each
 * page under `.weft/traces`.
 *
 * @throws RangeError beyond {@link MAX_PAGES}
 * @throws ChromiumError where there is no Chromium
 */
export function pages(count: 1, options?: PagesOptions): Promise<readonly [Page]>;
export function pages(count: 2, options?: PagesOptions): Promise<readonly [Page, Page]>;
export function pages(count: 3, options?: PagesOptions): Promise<readonly [Page, Page, Page]>;
export function pages(count: number, options?: PagesOptions): Promise<readonly Page[]>;
export async function pages(count: number, options: PagesOptions = {}): Promise<readonly Page[]> {
  if (count < 1 || count > MAX_PAGES) throw new RangeError(`pages(${count}): expected 1 to ${MAX_PAGES}`);
  const browser = await sharedBrowser();
  return Promise.all(Array.from({ length: count }, (_, index) => open(browser, index, options)));
}

let shared: Promise<Browser> | null = null;

/** One browser for a test file: starting it costs more than most tests. */
function sharedBrowser(): Promise<Browser> {
  if (shared !== null) return shared;
  shared = launchBrowser();
  return shared;
}

afterAll(async () => {
  const browser = await shared?.catch(() => null);
  shared = null;
  await browser?.close();
});

async function open(browser: Browser, index: number, options: PagesOptions): Promise<Page> {
  const { width = DEFAULT_WIDTH, height = DEFAULT_HEIGHT, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const context = await browser.newContext({ viewport: { width, height }, serviceWorkers: 'block' });
  context.setDefaultTimeout(timeoutMs);
  await context.tracing.start({ screenshots: true, snapshots: true });
  const page = await context.newPage();
  const errors: string[] = [];
  const spoken: string[] = [];
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
  page.on('crash', () => errors.push('the page crashed'));
  page.on('console', (message) => spoken.push(`${message.type()}: ${message.text()}`));
  onTestFinished(async ({ task }) => {
    const failed = task.result?.state === 'fail';
    const unexpected = errors.filter((error) => options.allowErrors?.test(error) !== true);
    await close(context, failed || unexpected.length > 0 ? await traceFile(index) : null);
    if (failed && spoken.length > 0)
      process.stderr.write(`page ${index} said:\n${spoken.slice(-MAX_SHOWN_MESSAGES).join('\n')}\n`);
    if (unexpected.length > 0) throw new Error(`page ${index} failed:\n${unexpected.join('\n')}`);
  });
  return page;
}

async function close(context: BrowserContext, trace: string | null): Promise<void> {
  await context.tracing.stop(trace === null ? {} : { path: trace });
  if (trace !== null) process.stderr.write(`trace of the failure: npx playwright-core show-trace ${trace}\n`);
  await context.close();
}

async function traceFile(index: number): Promise<string> {
  const folder = join(WEFT_DIRECTORY, 'traces');
  await mkdir(folder, { recursive: true });
  const name = (expect.getState().currentTestName ?? 'test').replaceAll(/[^A-Za-z0-9]+/g, '-').slice(0, 100);
  return join(folder, `${name}-page${index}.zip`);
}
