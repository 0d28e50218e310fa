import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startStack } from '../src/stack/index.ts';
import { type Run, runWeft } from './run-weft.ts';
import { makeStackDirectory, removeStackDirectory } from './stack-directory.ts';

const START = resolve(import.meta.dirname, '../../../scripts/start.mjs');
const UP_TIMEOUT_MS = 120_000;

let directory: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  directory = await makeStackDirectory();
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await weft('down');
  await removeStackDirectory(directory);
});

const weft = (...args: string[]): Promise<Run> => runWeft(args, { WEFT_DIRECTORY: directory });

interface Up {
  readonly homeserver: string;
  readonly relay: string | null;
  readonly world: string;
  readonly links: { readonly builder: string; readonly visitor: string };
}

/** Runs `npm start` as npm does, and waits until it says where everything is. */
async function start(
  ...args: string[]
): Promise<{ up: Up; child: ChildProcess; ended: Promise<number | null> }> {
  const child = spawn(process.execPath, [START, '--json', ...args], {
    env: { ...process.env, WEFT_DIRECTORY: directory },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const ended = once(child, 'close').then(() => child.exitCode);
  let printed = '';
  for await (const line of createInterface({ input: child.stdout })) {
    printed += line;
    if (line === '}') break;
  }
  return { up: JSON.parse(printed), child, ended };
}

async function sessionOf(link: string) {
  const { origin, pathname } = new URL(link);
  const reply = await fetch(`${origin}/session${pathname}.json`, {
    headers: { 'sec-fetch-site': 'same-origin' },
  });
  return reply.json();
}

/** What the world says of itself. */
async function worldEvent(up: Up): Promise<unknown> {
  const { token } = await sessionOf(up.links.builder);
  const path = `/_matrix/client/v3/rooms/${encodeURIComponent(up.world)}/state/world.weft.world`;
  const reply = await fetch(`${up.homeserver}${path}`, { headers: { Authorization: `Bearer ${token}` } });
  return reply.json();
}

describe('npm start', () => {
  it(
    'serves a page each for builder and visitor, stops at Ctrl-C, and is the same place next time',
    async () => {
      const first = await start();
      for (const link of Object.values(first.up.links)) {
        expect((await fetch(link, { headers: { accept: 'text/html' } })).status).toBe(200);
      }
      expect(await sessionOf(first.up.links.builder)).toMatchObject({
        homeserver: first.up.homeserver,
        world: first.up.world,
        userId: expect.stringMatching(/^@builder:/),
      });
      const objects = JSON.parse((await weft('query', '--name', 'Fountain', '--json')).stdout);
      expect(JSON.stringify(objects)).toContain('Fountain');
      const readyz = `${first.up.relay?.replace(/^ws/, 'http')}/readyz`;
      expect((await fetch(readyz)).status).toBe(200);
      expect(JSON.parse((await weft('doctor', '--json')).stdout).parts).toContainEqual(
        expect.objectContaining({ part: 'Relay', state: 'ok', detail: first.up.relay }),
      );
      const state = await worldEvent(first.up);
      expect(state).toMatchObject({ relays: [{ url: first.up.relay }] });
      first.child.kill('SIGINT');
      expect(await first.ended).toBe(0);
      await expect(fetch(`${first.up.homeserver}/_matrix/client/versions`)).rejects.toThrow();
      await expect(fetch(readyz)).rejects.toThrow();

      const second = await start();
      expect(second.up).toEqual(first.up);
      second.child.kill('SIGINT');
      await second.ended;
    },
    UP_TIMEOUT_MS,
  );

  it(
    'is stopped from another terminal, and says where it runs when started twice',
    async () => {
      const { up, ended } = await start();
      const again = await weft('up');
      expect(again.exit).toBe(1);
      expect(again.stderr).toContain(up.links.builder);
      const down = await weft('down');
      expect(down).toMatchObject({ exit: 0, stdout: expect.stringContaining('Stopped process') });
      expect(await ended).toBe(0);
      expect(await weft('down')).toMatchObject({ exit: 0, stdout: 'Nothing runs.\n' });
    },
    UP_TIMEOUT_MS,
  );

  it(
    'uses a homeserver that already runs',
    async () => {
      const stack = await startStack({ directory, instance: 'elsewhere' });
      try {
        const [builder, visitor] = await Promise.all([stack.account('ada'), stack.account('bob')]);
        const where = [
          '--homeserver',
          stack.homeserverUrl,
          '--token',
          builder.token,
          '--visitor-token',
          visitor.token,
        ];
        const { up, child, ended } = await start(...where);
        expect(await sessionOf(up.links.visitor)).toMatchObject({ userId: visitor.userId, world: up.world });
        child.kill('SIGINT');
        expect(await ended).toBe(0);
      } finally {
        await stack.stop();
      }
    },
    UP_TIMEOUT_MS,
  );

  it.each([
    ['an unknown homeserver', ['--homeserver', 'http://127.0.0.1:9', '--token', 'x'], 1, 'does not answer'],
    ['a homeserver without a token', ['--homeserver', 'http://127.0.0.1:9'], 2, 'Set WEFT_TOKEN'],
    ['something that is no URL', ['--homeserver', 'matrix', '--token', 'x'], 2, 'takes a URL'],
    ['a token without a homeserver', ['--token', 'x'], 2, 'Give --homeserver too'],
    ['a check elsewhere', ['--check', '--homeserver', 'http://127.0.0.1:9'], 2, 'one of its own'],
  ])('refuses %s and says what to do', async (_, args, exit, words) => {
    const run = await weft('start', ...args);
    expect(run.exit).toBe(exit);
    expect(run.stderr).toContain(words);
  });

  it('names a token that the homeserver does not know', async () => {
    const stack = await startStack({ directory, instance: 'elsewhere' });
    try {
      const run = await weft('up', '--homeserver', stack.homeserverUrl, '--token', 'wrong');
      expect(run.exit).toBe(1);
      expect(run.stderr).toContain('does not know this access token');
    } finally {
      await stack.stop();
    }
  });
});

describe('npm start -- --check', () => {
  it(
    'does all that two people would, and says what it did',
    async () => {
      const run = await weft('start', '--check', '--json');
      expect(run).toMatchObject({ exit: 0, stderr: '' });
      const { ok, steps } = JSON.parse(run.stdout);
      expect(ok).toBe(true);
      expect(steps.map(({ name }: { name: string }) => name)).toEqual([
        'install',
        'homeserver',
        'relay',
        'users',
        'create',
        'import',
        'studio',
        'edit',
        'refusal',
        'bypass',
        'lane',
        'relay killed',
        'relay back',
        'nothing lost',
        'restart',
        'unchanged',
      ]);
    },
    UP_TIMEOUT_MS,
  );
});
