import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeMachine } from './machine.ts';
import type { Result } from './result.ts';
import { writeResult } from './write-result.ts';

const result: Result = {
  format: 'weft-bench/2',
  workload: 'open',
  command: 'npm run bench -- open',
  startedAt: '2026-01-02T03:04:05.000Z',
  endedAt: '2026-01-02T03:05:05.000Z',
  interrupted: false,
  seed: '1',
  provenance: { commit: '0123456789abcdef', dirty: false, lockfileSha256: '00' },
  machine: describeMachine(),
  method: [],
  parameters: {},
  measurements: [],
};

test('a second run of the same commit stands beside the first', async () => {
  const root = await mkdtemp(join(tmpdir(), 'weft-bench-'));
  try {
    const first = await writeResult(root, result);
    const second = await writeResult(root, { ...result, seed: '2' });
    expect([first, second]).toEqual([
      'bench/results/2026-01-02-0123456789/open.json',
      'bench/results/2026-01-02-0123456789/open-2.json',
    ]);
    expect(JSON.parse(await readFile(join(root, first), 'utf8'))).toEqual(result);
  } finally {
    await rm(root, { recursive: true });
  }
});
