import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CommandError, UsageError } from './failure.ts';
import { resolveLogin, resolveWorld } from './session.ts';
import { DEFAULT_INSTANCE, instancePaths } from './stack/paths.ts';
import { processStart } from './stack/process-identity.ts';

let weftDirectory = '';
beforeAll(async () => {
  weftDirectory = await mkdtemp(join(tmpdir(), 'weft-session-'));
});
afterAll(() => rm(weftDirectory, { recursive: true }));

const none = { as: undefined, homeserver: undefined, token: undefined, world: undefined };
function surroundings(environment: Record<string, string> = {}) {
  return { environment, directory: '/', weftDirectory, signal: new AbortController().signal };
}

describe('who signs in where', () => {
  test('flags win over the environment', async () => {
    const flags = { ...none, homeserver: 'http://flag', token: 'a' };
    const login = await resolveLogin(flags, surroundings({ WEFT_HOMESERVER: 'http://env', WEFT_TOKEN: 'b' }));
    expect(login).toMatchObject({ homeserver: 'http://flag', token: 'a' });
  });

  test('the environment is enough', async () => {
    const login = await resolveLogin(none, surroundings({ WEFT_HOMESERVER: 'http://env', WEFT_TOKEN: 'b' }));
    expect(login).toMatchObject({ homeserver: 'http://env', token: 'b', defaultWorld: null });
  });

  test.each([
    [{ ...none, homeserver: 'http://a' }, {}, /access token for http:\/\/a is missing/],
    [{ ...none, token: 'a' }, {}, /no homeserver/],
    [{ ...none, as: 'builder', token: 'a' }, {}, /--as names an account/],
    [none, { WEFT_HOMESERVER: 'http://env', WEFT_TOKEN: ' ' }, /access token/],
  ])('half of it is wrong usage: %j %j', async (flags, environment, words) => {
    const resolved = resolveLogin(flags, surroundings(environment));
    await expect(resolved).rejects.toThrow(UsageError);
    await expect(resolved).rejects.toThrow(words);
  });

  test('with nothing at all it says how to get something', async () => {
    const resolved = resolveLogin(none, surroundings());
    await expect(resolved).rejects.toThrow(CommandError);
    await expect(resolved).rejects.toThrow(/npm run -s weft -- up/);
  });
});

describe('the local stack, while it runs', () => {
  const account = (name: string) => ({ userId: `@${name}:localhost`, token: `${name}-token`, deviceId: 'D' });
  const local = { ...surroundings(), weftDirectory: '' };

  beforeAll(async () => {
    local.weftDirectory = await mkdtemp(join(tmpdir(), 'weft-local-'));
    const paths = instancePaths(local.weftDirectory, DEFAULT_INSTANCE);
    await mkdir(paths.folder, { recursive: true });
    const start = await processStart(process.pid);
    const running = { pid: process.pid, start, homeserver: 'http://localhost:1', links: {} };
    await writeFile(paths.running, JSON.stringify(running));
    await writeFile(
      paths.accounts,
      JSON.stringify({ builder: account('builder'), visitor: account('visitor') }),
    );
    await writeFile(paths.worlds, JSON.stringify({ plaza: '!plaza', hall: '!hall' }));
  });
  afterAll(() => rm(local.weftDirectory, { recursive: true }));

  test('is used where nothing else is named, as the builder, in the demo world', async () => {
    const login = await resolveLogin(none, local);
    expect(login).toMatchObject({ homeserver: 'http://localhost:1', token: 'builder-token' });
    expect(resolveWorld(none, login, local)).toBe('!plaza');
    expect(resolveWorld({ ...none, world: 'hall' }, login, local)).toBe('!hall');
  });

  test('--as names another account, and wins over the environment', async () => {
    const environment = { WEFT_HOMESERVER: 'http://env', WEFT_TOKEN: 'env' };
    const login = await resolveLogin({ ...none, as: 'visitor' }, { ...local, environment });
    expect(login).toMatchObject({ homeserver: 'http://localhost:1', token: 'visitor-token' });
  });

  test('an account that it does not have is named, with those that it has', async () => {
    const resolved = resolveLogin({ ...none, as: 'nobody' }, local);
    await expect(resolved).rejects.toThrow(/no account "nobody".*builder, visitor/s);
  });
});

describe('which world', () => {
  const login = {
    homeserver: 'http://a',
    token: 't',
    worlds: { plaza: '!plaza' },
    defaultWorld: '!default',
    worldsFile: null,
  };

  test.each([
    [{ ...none, world: 'plaza' }, {}, '!plaza'],
    [{ ...none, world: '#plaza:a' }, {}, '#plaza:a'],
    [{ ...none, world: '!x' }, { WEFT_WORLD: '!env' }, '!x'],
    [none, { WEFT_WORLD: '!env' }, '!env'],
    [none, {}, '!default'],
    [{ ...none, world: 'constructor' }, {}, 'constructor'],
  ])('%j %j → %s', (flags, environment, world) => {
    expect(resolveWorld(flags, login, surroundings(environment))).toBe(world);
  });

  test('none is wrong usage', () => {
    expect(() => resolveWorld(none, { ...login, defaultWorld: null }, surroundings())).toThrow(/Which world/);
  });
});
