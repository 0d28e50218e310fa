import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { newActorId, parseObjectId, parsePath } from '@weft/core';
import { openLaneRoom, StoreJournal } from '@weft/relay';
import { DirectoryPlace } from '@weft/store/sqlite';
import { FakeTimers, propertySettings, SeededRandom } from '@weft/testing';
import { TwinLaneWorld } from '@weft/testing/lane';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OBJECTS } from './endless-objects.ts';

const RELAY = fileURLToPath(new URL('endless-relay.ts', import.meta.url));
const KILLS = 6;
const MAX_KILLS = 100;
const MAX_LINES_BEFORE_KILL = 400;
const NAME = 'killed';
const TEXT = parsePath('acme:note.text');

const { numRuns = KILLS, seed = '' } = propertySettings(KILLS);
const kills = Math.min(numRuns, MAX_KILLS);

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'weft-relay-'));
});

afterAll(() => rm(directory, { recursive: true }));

test('[RL8] a relay on a real disk holds every acknowledged edit after kill -9, whether it was only told or kept', {
  timeout: 30_000 + kills * 10_000,
}, async () => {
  const random = new SeededRandom(`killed relay ${seed}`);
  const kept = new Map<number, number>();
  let first = 1;
  let acknowledged = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const seen = await runUntilKilled(first, 20 + random.below(MAX_LINES_BEFORE_KILL));
    for (const number of seen) kept.set(number % OBJECTS, number);
    acknowledged += seen.length;
    const held = await heldAfterwards();
    for (const [at, number] of kept) {
      const found = held.get(at) ?? 0;
      expect(found % OBJECTS).toBe(at);
      expect(found).toBeGreaterThanOrEqual(number);
    }
    first = Math.max(first, ...held.values()) + 1;
  }
  expect(acknowledged).toBeGreaterThan(kills);
});

/** @returns the edits that the relay said it keeps, in order */
async function runUntilKilled(first: number, lines: number): Promise<number[]> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', RELAY, directory, NAME, String(first)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(child, 'close');
  const kept: number[] = [];
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [what, number] = line.split(' ');
    if (what === 'kept') kept.push(Number(number));
    seen += 1;
    if (seen === lines) child.kill('SIGKILL');
  }
  await ended;
  return kept;
}

/** What a relay shows that is started on the same disk. */
async function heldAfterwards(): Promise<Map<number, number>> {
  const timers = new FakeTimers(Date.now());
  const { bytes } = new SeededRandom('afterwards');
  const world = new TwinLaneWorld({ actor: newActorId(bytes), now: timers.now, levels: [] });
  // Users without a level would be held to it at once: their work has to be judged as it was.
  world.access = (userId) => ({ userId, level: 100 });
  const warnings: string[] = [];
  const room = await openLaneRoom({
    world,
    journal: new StoreJournal(await new DirectoryPlace(directory).open(NAME)),
    timers,
    random: bytes,
    log: { info: () => undefined, warn: (_fields, message) => warnings.push(message) },
  });
  const held = new Map<number, number>();
  for (let at = 0; at < OBJECTS; at += 1) {
    const register = world.replica.registers(parseObjectId(`thing-${at}`))?.get(TEXT);
    if (register !== undefined) held.set(at, Number.parseInt(String(register.value), 10));
  }
  const closing = room.close();
  await timers.advance(10);
  await closing;
  expect(warnings).toEqual([]);
  return held;
}
