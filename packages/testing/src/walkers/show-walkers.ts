import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  type Account,
  furnishPlaza,
  type OnProgress,
  STUDIO_ROOT,
  type Stack,
  serveStudio,
  startLocalRelay,
} from '@weft/cli/stack';
import { parseUserId } from '@weft/core';
import type { RelayTransport } from '@weft/protocol';
import { createWorld, relayTransport } from '@weft/world';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../chromium/launch-browser.ts';
import { nameProbe } from '../studio/probe.ts';
import { until } from '../wait/until.ts';
import { WEFT_DIRECTORY } from '../weft-directory.ts';
import { WALKER_NAMES } from './names.ts';
import { WALKERS_OF_ONE, Walkers } from './walkers.ts';

const VIEWPORT = { width: 1_280, height: 760 } as const;
const OPEN_DEADLINE_MS = 120_000;
/** Accounts that are made at one time: a homeserver hashes a password for each. */
const ACCOUNTS_AT_ONCE = 4;
/** Some of them rest: so many have to be seen to walk. */
const MOVED_SHARE = 0.6;
/** Over the rim of the plaza, at those who come by. */
const CAMERA = { from: [7.4, 3.6, 11.2], to: [0, 0.6, 0] } as const;

export interface ShowWalkersOptions {
  readonly stack: Stack;
  readonly count: number;
  /** How many users they are; default as many as there are walkers and names. */
  readonly users?: number;
  readonly quality: 'low' | 'full';
  /** A picture of the page for each of these. */
  readonly pictures: readonly { readonly file: string; readonly colourScheme: 'light' | 'dark' }[];
  readonly onProgress: OnProgress;
  readonly signal?: AbortSignal;
}

export interface WalkersShown {
  /** Avatars that the page has, its own not counted. */
  readonly seen: number;
  /** How many of them were somewhere else a little later. */
  readonly moved: number;
  /** What went wrong in a page. */
  readonly errors: readonly string[];
}

/**
 * Has many walk in a furnished world, each on a lane of its own through a real relay, opens that world in the studio in a real
 * Chromium, waits until the page sees all of them, and takes pictures of it.
 *
 * @throws StackError, ChromiumError, Error where the page does not see them within two minutes
 */
export async function showWalkers(options: ShowWalkersOptions): Promise<WalkersShown> {
  const { stack, count, onProgress, signal, pictures } = options;
  const stops: (() => Promise<unknown>)[] = [];
  try {
    const relay = await startLocalRelay({ stack, onProgress, signal });
    stops.push(() => relay.stop());
    onProgress({ step: 'world', message: 'making the users' });
    const [builder, accounts] = [await stack.account('builder'), await makeAccounts(options)];
    const { url, user_id: user } = stack.relay.transport;
    const transport = relayTransport(url, parseUserId(user));
    const room = await makeWorld(builder, accounts, transport);
    onProgress({ step: 'world', message: `${count} come in` });
    const walkers = await Walkers.open({ accounts, room, relay: transport, count });
    stops.push(() => walkers.close());
    const { homeserver, userId, token, deviceId } = builder;
    const studio = await serveStudio({
      ...{ root: STUDIO_ROOT, directory: WEFT_DIRECTORY },
      sessions: { builder: { homeserver, userId, token, deviceId, world: room } },
    });
    stops.push(() => studio.close());
    const browser = await launchBrowser();
    stops.push(() => browser.close());
    const errors: string[] = [];
    let shown: WalkersShown = { seen: 0, moved: 0, errors };
    for (const { file, colourScheme } of pictures) {
      onProgress({ step: 'studio', message: `the studio shows them, ${colourScheme}` });
      const page = await openPage(browser, studio.links.builder ?? '', options, colourScheme, errors);
      let before = await placesOf(page);
      await until(
        async () => {
          before = await placesOf(page);
          return before.size >= count;
        },
        { what: `the page sees ${count} walkers`, withinMs: OPEN_DEADLINE_MS, everyMs: 250 },
      );
      let moved = 0;
      await until(
        async () => {
          const now = await placesOf(page);
          moved = [...before].filter(([actor, place]) => (now.get(actor) ?? place) !== place).length;
          return moved >= count * MOVED_SHARE;
        },
        { what: 'most of them walk', withinMs: OPEN_DEADLINE_MS, everyMs: 250 },
      );
      shown = { seen: before.size, moved, errors };
      await look(page);
      await mkdir(dirname(file), { recursive: true });
      await page.screenshot({ path: file });
      await page.context().close();
    }
    return shown;
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

async function makeAccounts({ stack, count, users }: ShowWalkersOptions): Promise<Account[]> {
  const least = Math.ceil(count / WALKERS_OF_ONE);
  const wanted = Math.max(least, Math.min(users ?? count, WALKER_NAMES.length));
  const accounts: Account[] = [];
  for (let from = 0; from < wanted; from += ACCOUNTS_AT_ONCE) {
    const names = WALKER_NAMES.slice(from, Math.min(wanted, from + ACCOUNTS_AT_ONCE));
    accounts.push(...(await Promise.all(names.map((name) => stack.account(name)))));
  }
  return accounts;
}

async function makeWorld(
  builder: Account,
  guests: readonly Account[],
  relay: RelayTransport,
): Promise<string> {
  const { homeserver, token } = builder;
  const world = await createWorld({
    ...{ login: { homeserver, token }, title: 'Plaza', lanes: ['matrix'], seed: furnishPlaza },
    ...{ invite: guests.map(({ userId }) => userId), relays: [relay] },
  });
  await world.close();
  for (const guest of guests) await join(guest, world.room);
  return world.room;
}

async function join({ homeserver, token, userId }: Account, room: string): Promise<void> {
  const { ok, status } = await fetch(
    `${homeserver}/_matrix/client/v3/rooms/${encodeURIComponent(room)}/join`,
    { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: '{}' },
  );
  if (!ok) throw new Error(`${userId} could not enter ${room}: ${status}`);
}

async function openPage(
  browser: Browser,
  link: string,
  { quality }: ShowWalkersOptions,
  colorScheme: 'light' | 'dark',
  errors: string[],
): Promise<Page> {
  const context = await browser.newContext({ viewport: VIEWPORT, serviceWorkers: 'block', colorScheme });
  context.setDefaultTimeout(OPEN_DEADLINE_MS);
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
  page.on('crash', () => errors.push('the page crashed'));
  await page.addInitScript(nameProbe);
  await page.goto(`${link}?render=${quality}&time=fixed`);
  await page.waitForFunction(() => window.weftProbe?.world.status.value.lane === 'relay');
  return page;
}

/** Where the page shows each of the others. */
async function placesOf(page: Page): Promise<ReadonlyMap<string, string>> {
  const places = await page.evaluate(() =>
    (window.weftProbe?.world.avatars.value ?? []).flatMap((avatar) => {
      const place = avatar.own ? null : avatar.poseAt();
      return place === null ? [] : [[avatar.actor, place.body.position.join(' ')] as const];
    }),
  );
  return new Map(places);
}

/** Turns the camera to where most of them are seen, and waits until that is drawn. */
async function look(page: Page): Promise<void> {
  await page.evaluate(({ from, to }) => window.weftProbe?.look(from, to), CAMERA);
  const drawn = await page.evaluate(() => window.weftProbe?.frames ?? 0);
  await page.waitForFunction((before) => (window.weftProbe?.frames ?? 0) > before + 2, drawn);
}
