import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DirectoryPlace } from '@weft/store/sqlite';
import { propertySettings, SeededRandom } from '@weft/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RECORDS_KEPT, recordOf } from './endless-records.ts';

const WRITER = fileURLToPath(new URL('endless-writer.ts', import.meta.url));
const KILLS = 12;
const MAX_WRITES_BEFORE_KILL = 60;
const NAME = 'killed';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'weft-killed-'));
});

afterAll(() => rm(directory, { recursive: true }));

describe('a store of SQLite', () => {
  it('[I8] holds every acknowledged write after kill -9, none twice and none by halves', {
    timeout: 60_000,
  }, async () => {
    const random = new SeededRandom(`killed ${propertySettings().seed ?? ''}`);
    let acknowledged = 0;
    for (let kills = 0; kills < KILLS; kills += 1) {
      const last = await writeUntilKilled(1 + random.below(MAX_WRITES_BEFORE_KILL));
      expect(last).toBeGreaterThan(acknowledged);
      const store = await new DirectoryPlace(directory).open(NAME);
      const found = Number(new TextDecoder().decode((await store.read('counter')) ?? undefined));
      const records = await store.readAll('record/');
      await store.close();
      // The write in flight may have been made, and nobody was told.
      expect([last, last + 1]).toContain(found);
      const kept = Array.from({ length: Math.min(RECORDS_KEPT, found) }, (_, at) => found - at);
      expect(new Set(records.keys())).toEqual(new Set(kept.map((number) => `record/${number}`)));
      for (const number of kept)
        expect(Buffer.compare(records.get(`record/${number}`) ?? new Uint8Array(), recordOf(number))).toBe(0);
      acknowledged = found;
    }
  });
});

/** @returns the last write of which the process said that it was acknowledged */
async function writeUntilKilled(writes: number): Promise<number> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', WRITER, directory, NAME], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  let last = 0;
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    seen += 1;
    if (seen === writes) child.kill('SIGKILL');
  }
  await ended;
  return last;
}
