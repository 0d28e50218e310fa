import { newRunId } from '@weft/protocol';
import type { StoreError } from '@weft/store';
import { FakeTimers, SeededRandom } from '@weft/testing';
import { TwinDisk } from '@weft/testing/store';
import { expect, test } from 'vitest';
import type { JournalRecord } from '../journal/journal-record.ts';
import { StoreJournal } from '../journal/store-journal.ts';
import { COMMIT_GATHER_MS, COMMIT_RETRY_MS, Committer } from './committer.ts';

const RECORD: JournalRecord = {
  kind: 'patch',
  key: '',
  run: newRunId(new SeededRandom('run').bytes),
  seq: 1,
  user: null,
  body: new Uint8Array(),
};

async function start() {
  const timers = new FakeTimers();
  const disk = new TwinDisk();
  const journal = new StoreJournal(await disk.open('lane'));
  await journal.load();
  const troubles: (string | null)[] = [];
  const kept: number[] = [];
  const committer = new Committer({
    journal,
    timers,
    onTrouble: (error: StoreError | null) => troubles.push(error?.code ?? null),
    onCommitted: () => kept.push(0),
  });
  return { timers, disk, journal, committer, troubles, kept };
}

test('[RL1] what comes within 2 ms, and during a commit, shares the next one; callbacks come in order', async () => {
  const { timers, disk, committer, kept } = await start();
  for (let at = 1; at <= 3; at += 1) committer.keep(RECORD, () => kept.push(at));
  await timers.advance(COMMIT_GATHER_MS - 1);
  expect(disk.writes).toBe(0);
  disk.hold();
  await timers.advance(1);
  for (let at = 4; at <= 5; at += 1) committer.keep(RECORD, () => kept.push(at));
  await timers.advance(100);
  expect(kept).toEqual([]);
  disk.release();
  await timers.advance(100);
  expect(kept).toEqual([1, 2, 3, 0, 4, 5, 0]);
  expect([disk.writes, timers.pending]).toEqual([2, 0]);
});

test('[RL9] a refused commit is tried again with growing pauses, and nothing that waited is lost', async () => {
  const { timers, disk, committer, troubles, kept } = await start();
  disk.faults.push(...Array.from({ length: 7 }, () => 'full' as const));
  committer.keep(RECORD, () => kept.push(1));
  await timers.advance(COMMIT_GATHER_MS);
  expect([committer.isFailing, troubles]).toEqual([true, ['full']]);
  committer.keep(RECORD, () => kept.push(2));
  let tries = 1;
  for (let pauseMs = COMMIT_RETRY_MS.least; tries < 7; tries += 1) {
    await timers.advance(pauseMs - 1);
    expect(disk.writes).toBe(tries);
    await timers.advance(1);
    expect(disk.writes).toBe(tries + 1);
    pauseMs = Math.min(COMMIT_RETRY_MS.most, pauseMs * 2);
  }
  await committer.settled();
  await timers.advance(COMMIT_RETRY_MS.most);
  expect([committer.isFailing, troubles, kept]).toEqual([false, ['full', null], [1, 2, 0]]);
});

test('[RL15] waits for what was given, and runs nothing once it is closed', async () => {
  const { timers, disk, committer, kept } = await start();
  await committer.settled();
  committer.keep(RECORD, () => kept.push(1));
  const settled = committer.settled().then(() => kept.push(9));
  await timers.advance(COMMIT_GATHER_MS);
  await settled;
  expect(kept).toEqual([1, 0, 9]);
  committer.keep(RECORD, () => kept.push(2));
  const given = committer.settled();
  committer.close();
  await given;
  await timers.advance(100);
  expect([kept, disk.writes, timers.pending]).toEqual([[1, 0, 9], 1, 0]);
});
