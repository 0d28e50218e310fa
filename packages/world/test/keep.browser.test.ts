import { fileURLToPath } from 'node:url';
import { type PageServer, pages, servePages } from '@weft/testing/browser';
import { type Account, synapse } from '@weft/testing/synapse';
import { createWorld, type World, type WorldStatus } from '@weft/world';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('page', import.meta.url));

let server: PageServer;
let account: Account;
let world: World;

interface PageGlobals {
  openWorld(homeserver: string, token: string, room: string): Promise<void>;
  add(id: string): Promise<void>;
  worldStatus(): WorldStatus | undefined;
  worldNames(): readonly string[];
}

beforeAll(async () => {
  server = await servePages({ root: ROOT, name: 'world', entries: ['/page.ts'] });
  account = await (await synapse()).account('browser-keeps');
  world = await createWorld({ title: 'Kept', login: account, store: 'none' });
});

afterAll(async () => {
  await world.close();
  await server.close();
});

describe('a page', () => {
  it('[I16] keeps a world in its browser, opens it without its homeserver, and sends what was edited later', async () => {
    const [page] = await pages(1);
    await open(page);
    expect(await status(page)).toMatchObject({ lane: 'matrix', notKept: null });
    await add(page, 'online');
    await until(page, 'unsaved', 0);
    const homeserver = `${account.homeserver}/**`;
    await page.route(homeserver, (route) => route.abort());
    await add(page, 'offline');
    await page.close({ runBeforeUnload: false });
    const again = await page.context().newPage();
    await again.route(homeserver, (route) => route.abort());
    await open(again);
    expect(await status(again)).toMatchObject({ lane: 'offline', notKept: null, unsaved: 1 });
    expect(await names(again)).toEqual(['offline', 'online']);
    const second = await page.context().newPage();
    await open(second);
    expect((await status(second))?.notKept).toMatch(/another one that has it open/);
    await again.unroute(homeserver);
    await until(again, 'unsaved', 0);
    await second.waitForFunction(() => (globalThis as unknown as PageGlobals).worldNames().length === 2);
    await again.close();
    await until(second, 'notKept', null);
    await add(second, 'third');
  });
});

async function open(page: Page): Promise<void> {
  await page.goto(`${server.url}/`);
  await page.waitForFunction(() => 'openWorld' in globalThis);
  await page.evaluate(
    ([homeserver, token, room]) => (globalThis as unknown as PageGlobals).openWorld(homeserver, token, room),
    [account.homeserver, account.token, world.room] as const,
  );
}

function add(page: Page, id: string): Promise<void> {
  return page.evaluate((name) => (globalThis as unknown as PageGlobals).add(name), id);
}

function status(page: Page): Promise<WorldStatus | undefined> {
  return page.evaluate(() => (globalThis as unknown as PageGlobals).worldStatus());
}

function names(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => (globalThis as unknown as PageGlobals).worldNames());
}

async function until(page: Page, key: keyof WorldStatus, value: unknown): Promise<void> {
  await page.waitForFunction(
    ([name, wanted]) => (globalThis as unknown as PageGlobals).worldStatus()?.[name] === wanted,
    [key, value] as const,
  );
}
