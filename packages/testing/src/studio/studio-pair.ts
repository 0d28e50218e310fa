import type { LaneClient } from '@weft/cli/check';
import {
  type Account,
  furnishPlaza,
  type LocalRelay,
  type OnProgress,
  type PageSession,
  STUDIO_ROOT,
  type Stack,
  serveStudio,
  startLocalRelay,
} from '@weft/cli/stack';
import { parseUserId } from '@weft/core';
import { createWorld, openWorld, relayTransport } from '@weft/world';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../chromium/launch-browser.ts';
import { WEFT_DIRECTORY } from '../weft-directory.ts';
import { pageClient } from './page-client.ts';
import { nameProbe } from './probe.ts';

export interface StudioPairOptions {
  readonly stack: Stack;
  /** How the view is drawn: `low` is 320 × 180 pixels, which two pages on two cores can do fast. */
  readonly quality: 'low' | 'full';
  /** Default `light`. */
  readonly colourScheme?: 'light' | 'dark';
  readonly onProgress: OnProgress;
  readonly signal?: AbortSignal;
}

const BUILDER_LEVEL = 25;
const VIEWPORT = { width: 1_000, height: 640 } as const;
const OPEN_DEADLINE_MS = 60_000;
const PAINTED = { builder: 'Paving', friend: 'Lawn' } as const;

/** Two builders at one world: each at a page of the studio of their own, with a relay between them. */
export interface StudioPair {
  readonly room: string;
  readonly relay: LocalRelay;
  readonly builder: Page;
  readonly friend: Page;
  /** Both, as those who try a lane. */
  readonly clients: readonly LaneClient[];
  /** What no page may have by the end. */
  readonly errors: readonly string[];
  /** Opens the world with the room alone. @returns the hash of what is seen */
  reopen(): Promise<string>;
  close(): Promise<void>;
}

/**
 * Starts a relay beside a homeserver that runs, makes a furnished world on it, serves the studio, and opens it in two real
 * pages that share nothing.
 *
 * @throws StackError, ChromiumError, and whatever keeps a page from opening
 */
export async function openStudioPair(options: StudioPairOptions): Promise<StudioPair> {
  const { stack, onProgress, signal } = options;
  const stops: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    const relay = await startLocalRelay({ stack, onProgress, signal });
    stops.push(() => relay.stop());
    const [builder, friend] = await Promise.all([stack.account('builder'), stack.account('friend')]);
    const room = await makeWorld(stack, builder, friend);
    const studio = await serveStudio({
      ...{ root: STUDIO_ROOT, directory: WEFT_DIRECTORY },
      sessions: { builder: sessionOf(builder, room), friend: sessionOf(friend, room) },
    });
    stops.push(() => studio.close());
    const browser = await launchBrowser();
    stops.push(() => browser.close());
    const errors: string[] = [];
    const pages = await Promise.all(
      Object.values(studio.links).map((link) => openPage(browser, link, options, errors)),
    );
    const [first, second] = pages;
    if (first === undefined || second === undefined) throw new RangeError('a pair is two');
    return {
      ...{ room, relay, builder: first, friend: second, errors, close },
      clients: [pageClient('builder', first, PAINTED.builder), pageClient('friend', second, PAINTED.friend)],
      async reopen() {
        const { homeserver, token } = builder;
        const world = await openWorld(room, { login: { homeserver, token }, lanes: ['matrix'] });
        const hash = world.hash();
        await world.close();
        return hash;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function makeWorld({ relay }: Stack, builder: Account, friend: Account): Promise<string> {
  const { homeserver, token } = builder;
  const { url, user_id: user } = relay.transport;
  const world = await createWorld({
    ...{ login: { homeserver, token }, title: 'Plaza', lanes: ['matrix'], seed: furnishPlaza },
    ...{ invite: [friend.userId], levels: { [friend.userId]: BUILDER_LEVEL } },
    relays: [relayTransport(url, parseUserId(user))],
  });
  await world.close();
  return world.room;
}

function sessionOf({ homeserver, userId, token, deviceId }: Account, world: string): PageSession {
  return { homeserver, userId, token, deviceId, world };
}

async function openPage(
  browser: Browser,
  link: string,
  { quality, colourScheme = 'light' }: StudioPairOptions,
  errors: string[],
): Promise<Page> {
  const context = await browser.newContext({
    viewport: VIEWPORT,
    serviceWorkers: 'block',
    colorScheme: colourScheme,
  });
  context.setDefaultTimeout(OPEN_DEADLINE_MS);
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(`${link}: ${error.stack ?? error.message}`));
  page.on('crash', () => errors.push(`${link}: the page crashed`));
  await page.addInitScript(nameProbe);
  await page.goto(`${link}?render=${quality}&time=fixed`);
  await page.waitForFunction(() => window.weftProbe !== undefined);
  await page.evaluate(() => window.weftProbe?.idle());
  return page;
}
