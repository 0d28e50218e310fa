import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  findLocalSession,
  instancePaths,
  type Stack,
  type StackOptions,
  startStack,
} from '../src/stack/index.ts';
import { makeStackDirectory, removeStackDirectory } from './stack-directory.ts';

const KEEP_STACK = resolve(import.meta.dirname, 'keep-stack.ts');
const ORPHAN_DEADLINE_MS = 15_000;
const POLL_MS = 50;

let directory: string;
const stacks: Stack[] = [];
const children: ChildProcess[] = [];

beforeEach(async () => {
  directory = await makeStackDirectory();
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await Promise.all(stacks.splice(0).map((stack) => stack.stop()));
  await removeStackDirectory(directory);
});

async function start(options: Partial<StackOptions> = {}): Promise<Stack> {
  const stack = await startStack({ directory, ...options });
  stacks.push(stack);
  return stack;
}

async function keepStack(instance: string): Promise<{ pid: number; synapse: number; url: string }> {
  const child = spawn(process.execPath, [KEEP_STACK, directory, instance], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line);
  throw new Error('the process said nothing');
}

/** Waits until the process is gone, and fails where it stays. */
async function gone(pid: number): Promise<void> {
  const deadlineMs = performance.now() + ORPHAN_DEADLINE_MS;
  while (isAlive(pid) && performance.now() < deadlineMs) await delay(POLL_MS);
  expect(isAlive(pid)).toBe(false);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function whoami(url: string, token: string): Promise<number> {
  const response = await fetch(`${url}/_matrix/client/v3/account/whoami`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return response.status;
}

async function occupy(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

describe('the local stack', () => {
  it('starts, restarts and starts again in seconds with the same users, tokens and port', async () => {
    const first = await start();
    const [builder, visitor] = await Promise.all([first.account('builder'), first.account('visitor')]);
    expect(builder.userId).toMatch(/^@builder:localhost:\d+$/);
    expect(visitor.userId).not.toBe(builder.userId);
    await first.restart();
    expect(await whoami(first.homeserverUrl, builder.token)).toBe(200);
    await first.stop();

    const startedMs = performance.now();
    const second = await start();
    expect(performance.now() - startedMs).toBeLessThan(20_000);
    expect(second.homeserverUrl).toBe(first.homeserverUrl);
    expect(await second.account('builder')).toEqual(builder);
  });

  it('signs in again when a kept token is no longer good, and when the file of tokens is lost', async () => {
    const stack = await start();
    const builder = await stack.account('builder');
    await fetch(`${stack.homeserverUrl}/_matrix/client/v3/logout`, {
      method: 'POST',
      headers: { authorization: `Bearer ${builder.token}` },
    });
    await stack.stop();
    const again = await (await start()).account('builder');
    expect(again.userId).toBe(builder.userId);
    expect(again.token).not.toBe(builder.token);
    await stacks.at(-1)?.stop();
    await rm(instancePaths(directory, 'main').accounts);
    expect((await (await start()).account('builder')).userId).toBe(builder.userId);
  });

  it('keeps secrets and tokens to the owner of the folder', async () => {
    const stack = await start();
    await stack.account('builder');
    for (const file of [
      stack.paths.secrets,
      stack.paths.accounts,
      stack.paths.config,
      stack.paths.signingKey,
    ]) {
      expect((await stat(file)).mode & 0o077, file).toBe(0);
    }
  });

  it('creates rooms of version 12 and answers for delayed events and the RTC transports', async () => {
    const stack = await start();
    const { token } = await stack.account('builder');
    const headers = { authorization: `Bearer ${token}` };
    const capabilities = await fetch(`${stack.homeserverUrl}/_matrix/client/v3/capabilities`, { headers });
    expect(await capabilities.json()).toMatchObject({
      capabilities: { 'm.room_versions': { default: '12' } },
    });
    const versions = await fetch(`${stack.homeserverUrl}/_matrix/client/versions`);
    expect(await versions.json()).toMatchObject({
      unstable_features: {
        'org.matrix.msc4140': true,
        'org.matrix.msc4354': true,
      },
    });
    await fetch(`${stack.homeserverUrl}/_matrix/client/v3/createRoom`, {
      method: 'POST',
      headers,
      body: '{}',
    });
    const sync = await fetch(
      `${stack.homeserverUrl}/_matrix/client/v3/sync?timeout=0&org.matrix.msc4222.use_state_after=true`,
      { headers },
    );
    expect(await sync.text()).toContain('org.matrix.msc4222.state_after');
    const transports = await fetch(
      `${stack.homeserverUrl}/_matrix/client/unstable/org.matrix.msc4143/rtc/transports`,
      { headers },
    );
    expect(transports.status).toBe(200);
  });

  it('is fast by default and as strict as an unconfigured Synapse on request', async () => {
    const limited = async (rateLimits: 'relaxed' | 'stock') => {
      const stack = await start({ rateLimits, instance: rateLimits });
      const { token } = await stack.account('builder');
      const headers = { authorization: `Bearer ${token}` };
      const created = await fetch(`${stack.homeserverUrl}/_matrix/client/v3/createRoom`, {
        method: 'POST',
        headers,
        body: '{}',
      });
      const { room_id } = await created.json();
      const sent = await Promise.all(
        Array.from({ length: 15 }, (_, index) =>
          fetch(`${stack.homeserverUrl}/_matrix/client/v3/rooms/${room_id}/send/m.room.message/${index}`, {
            method: 'PUT',
            headers,
            body: JSON.stringify({ msgtype: 'm.text', body: String(index) }),
          }),
        ),
      );
      return sent.filter(({ status }) => status === 429).length;
    };
    expect(await limited('relaxed')).toBe(0);
    expect(await limited('stock')).toBeGreaterThan(0);
  });

  it('ends Synapse when the process that started it is killed, and can be started again at once', async () => {
    const kept = await keepStack('main');
    process.kill(kept.pid, 'SIGKILL');
    await gone(kept.synapse);
    expect((await start()).homeserverUrl).toBe(kept.url);
  });

  it('takes over from a killed process without waiting for its Synapse to be gone', async () => {
    const kept = await keepStack('main');
    process.kill(kept.pid, 'SIGKILL');
    // A signal is on its way for a moment; until then that process does run the stack.
    await gone(kept.pid);
    const stack = await start();
    expect(stack.synapsePid).not.toBe(kept.synapse);
    await gone(kept.synapse);
  });

  it('tells a second start where the first one runs', async () => {
    const kept = await keepStack('main');
    const second = startStack({ directory });
    await expect(second).rejects.toMatchObject({ name: 'StackError', code: 'already-running' });
    await expect(second).rejects.toThrow(`by process ${kept.pid} at ${kept.url}`);
    expect(await whoami(kept.url, 'none')).toBe(401);
  });

  it('lets only one of two simultaneous starts run', async () => {
    const outcomes = await Promise.allSettled([start(), start()]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('takes another port, says so and keeps its users when the port is taken', async () => {
    const first = await start();
    const builder = await first.account('builder');
    await first.stop();
    const squatter = await occupy(Number(new URL(first.homeserverUrl).port));
    const notices: string[] = [];
    const second = await start({
      onProgress: ({ step, message }) => step === 'notice' && notices.push(message),
    });
    squatter.close();
    expect(notices.join()).toContain(`port ${new URL(first.homeserverUrl).port} is taken`);
    expect(second.homeserverUrl).not.toBe(first.homeserverUrl);
    expect(await whoami(second.homeserverUrl, builder.token)).toBe(200);
    expect((await second.account('builder')).userId).toBe(builder.userId);
  });

  it('forgets everything on request', async () => {
    const first = await start();
    const builder = await first.account('builder');
    await first.stop();
    const fresh = await start({ fresh: true });
    expect(await whoami(fresh.homeserverUrl, builder.token)).toBe(401);
  });

  it('shows the last words of a Synapse that cannot start, and leaves nothing running', async () => {
    const first = await start();
    await first.stop();
    await writeFile(first.paths.signingKey, 'no key');
    const failed = startStack({ directory });
    await expect(failed).rejects.toMatchObject({ code: 'boot-failed' });
    await expect(failed).rejects.toThrow(/signing/i);
    expect(existsSync(first.paths.running)).toBe(false);
  });

  it('refuses to take a damaged file for a missing one', async () => {
    const first = await start();
    await first.stop();
    await writeFile(first.paths.instance, '{"serverName":');
    await expect(startStack({ directory })).rejects.toMatchObject({ code: 'bad-file' });
  });

  it('can be interrupted while it starts', async () => {
    const interrupt = new AbortController();
    const starting = startStack({
      directory,
      signal: interrupt.signal,
      onProgress: ({ step }) => step === 'boot' && interrupt.abort(),
    });
    await expect(starting).rejects.toMatchObject({ code: 'aborted' });
    expect(existsSync(instancePaths(directory, 'main').running)).toBe(false);
  });

  it('reports a Synapse that ends by itself', async () => {
    const stack = await start();
    process.kill(stack.synapsePid, 'SIGKILL');
    await stack.crashed;
    expect(await readFile(stack.paths.running, 'utf8')).toContain(stack.homeserverUrl);
  });

  it('can be found by another command while it runs, and not afterwards', async () => {
    expect(await findLocalSession(directory)).toBeNull();
    const stack = await start();
    const builder = await stack.account('builder');
    expect(await findLocalSession(directory)).toMatchObject({
      userId: builder.userId,
      token: builder.token,
      world: null,
    });
    await expect(findLocalSession(directory, { account: 'nobody' })).rejects.toMatchObject({
      code: 'account',
    });
    await stack.stop();
    expect(await findLocalSession(directory)).toBeNull();
  });
});
