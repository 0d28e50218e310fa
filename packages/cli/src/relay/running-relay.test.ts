import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { processStart } from '../stack/process-identity.ts';
import { drainRunning, findRunning, forgetRunning, noteRunning } from './running-relay.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-running-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

test('a relay that runs is found in its directory, until it says that it has ended', async () => {
  expect(await findRunning(folder)).toBeNull();
  await noteRunning(folder, 'ws://localhost:1');
  expect(await findRunning(folder)).toMatchObject({ pid: process.pid, url: 'ws://localhost:1' });
  await forgetRunning(folder);
  expect(await findRunning(folder)).toBeNull();
});

test('what a dead one left behind, a later process of its number, or damage counts as none', async () => {
  const note = (content: object | string) =>
    writeFileSync(
      join(folder, 'running.json'),
      typeof content === 'string' ? content : JSON.stringify(content),
    );
  note({ pid: process.pid, start: 'another', url: 'ws://localhost:1' });
  expect(await findRunning(folder)).toBeNull();
  note({ pid: 2 ** 22 + 1, start: '1', url: 'ws://localhost:1' });
  expect(await findRunning(folder)).toBeNull();
  note('{');
  expect(await findRunning(folder)).toBeNull();
});

test('draining asks it to end and waits; one that does not end in time is told of', async () => {
  const run = async (script: string) => {
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');
    const pid = child.pid ?? 0;
    return { child, running: { pid, start: (await processStart(pid)) ?? '', url: '' } };
  };
  const wait = "setInterval(() => undefined, 1000); console.log('up');";
  const polite = await run(wait);
  expect(await drainRunning(polite.running, 10_000)).toBe(true);
  const stubborn = await run(`process.on('SIGTERM', () => undefined); ${wait}`);
  expect(await drainRunning(stubborn.running, 200)).toBe(false);
  stubborn.child.kill('SIGKILL');
  await once(stubborn.child, 'exit');
});
