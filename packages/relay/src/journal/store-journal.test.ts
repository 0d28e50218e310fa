import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseUserId } from '@weft/core';
import { newRunId } from '@weft/protocol';
import { DirectoryPlace } from '@weft/store/sqlite';
import { propertySettings, SeededRandom, settle } from '@weft/testing';
import { TwinDisk } from '@weft/testing/store';
import { describe, expect, test } from 'vitest';
import { decodeRecord, encodeRecord, type JournalKind, type JournalRecord } from './journal-record.ts';
import { StoreJournal } from './store-journal.ts';

const RUN = newRunId(new SeededRandom('run').bytes);
const ALICE = parseUserId('@alice:example.org');

function record(seq: number, kind: JournalKind = 'patch', key = ''): JournalRecord {
  return { kind, key, run: RUN, seq, user: ALICE, body: Uint8Array.of(seq, 0, 255) };
}

async function open(disk: TwinDisk) {
  const journal = new StoreJournal(await disk.open('lane'));
  const { records, dropped } = await journal.load();
  return { journal, records, dropped, seqs: records.map(({ seq }) => seq) };
}

describe('a record', () => {
  test('[RL8] reads back as it was written', () => {
    for (const each of [record(1), { ...record(2, 'document', 'chair'), user: null, body: new Uint8Array() }])
      expect(decodeRecord(encodeRecord(each))).toEqual(each);
  });

  test('[RL8] that is cut short or changed is none, and reading it never throws', () => {
    const whole = encodeRecord(record(7, 'document', 'chair'));
    const headLength = whole.length - 3;
    for (let length = 0; length < headLength; length += 1)
      expect(decodeRecord(whole.slice(0, length))).toBeNull();
    const random = new SeededRandom('flips');
    for (let round = 0; round < 2_000; round += 1) {
      const flipped = Uint8Array.from(whole);
      const at = random.below(headLength);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << random.below(8));
      decodeRecord(flipped);
    }
    const other = (text: string) =>
      decodeRecord(Buffer.from(Buffer.from(whole).toString('latin1').replace('document', text), 'latin1'));
    expect(other('unknowns')).toBeNull();
    expect(decodeRecord(Uint8Array.of(1, 0, 2, 0x7b, 0x7d))).toBeNull();
  });
});

describe('a journal in a store', () => {
  test('[RL8] gives back what was committed, in order, and nothing else', async () => {
    const disk = new TwinDisk();
    const { journal } = await open(disk);
    for (let seq = 1; seq <= 300; seq += 1) journal.append(record(seq));
    await journal.commit();
    journal.append(record(301));
    disk.crash();
    const again = await open(disk);
    expect(again.seqs).toEqual(Array.from({ length: 300 }, (_, at) => at + 1));
    expect(again.dropped).toBe(0);
    expect(again.journal.append(record(301))).toBeGreaterThan(again.records.at(-1)?.number ?? 0);
  });

  test('[RL8] takes away what is cut, by kind, key and number, in the same commit as what is put', async () => {
    const disk = new TwinDisk();
    const { journal } = await open(disk);
    journal.append(record(1));
    journal.append(record(2, 'document', 'chair'));
    const third = journal.append(record(3, 'document', 'lamp'));
    journal.append(record(4, 'document', 'chair'));
    await journal.commit();
    journal.cut({ kind: 'document', key: 'chair', through: third });
    journal.append(record(5, 'checkpoint'));
    disk.faults.push('crash-before');
    void journal.commit();
    await settle();
    const before = await open(disk);
    expect(before.seqs).toEqual([1, 2, 3, 4]);
    before.journal.cut({ kind: 'document', key: 'chair', through: third });
    before.journal.append(record(5, 'checkpoint'));
    await before.journal.close();
    expect((await open(disk)).seqs).toEqual([1, 3, 4, 5]);
  });

  test('[RL8] drops a record that is torn or flipped, says so, and gives back the others', async () => {
    const disk = new TwinDisk();
    const { journal } = await open(disk);
    for (let seq = 1; seq <= 5; seq += 1) journal.append(record(seq));
    await journal.close();
    const names = [...disk.records('lane').keys()].sort();
    disk.flip('lane', names[1] ?? '', -2);
    const torn = disk.records('lane').get(names[3] ?? '') ?? new Uint8Array();
    disk.records('lane').set(names[3] ?? '', torn.slice(0, torn.length - 1));
    const again = await open(disk);
    expect([again.seqs, again.dropped]).toEqual([[1, 3, 5], 2]);
    await again.journal.close();
    const third = await open(disk);
    expect([third.seqs, third.dropped]).toEqual([[1, 3, 5], 0]);
  });

  test('[RL8] keeps what a failed commit did not write, and writes it with the next', async () => {
    const disk = new TwinDisk();
    const { journal } = await open(disk);
    const first = journal.append(record(1));
    journal.append(record(2, 'retract'));
    const waiting = journal.waitingBytes;
    expect(waiting).toBeGreaterThan(0);
    disk.faults.push('full');
    await expect(journal.commit()).rejects.toMatchObject({ code: 'full' });
    expect(journal.waitingBytes).toBe(waiting);
    journal.cut({ kind: 'patch', through: first });
    expect(journal.waitingBytes).toBeLessThan(waiting);
    journal.append(record(3));
    await journal.commit();
    expect(journal.waitingBytes).toBe(0);
    await journal.close();
    await expect(journal.commit()).rejects.toMatchObject({ code: 'closed' });
    expect((await open(disk)).seqs).toEqual([2, 3]);
  });

  test('[RL8] counts its bytes, and shares a commit between all who ask during one', async () => {
    const disk = new TwinDisk();
    const { journal } = await open(disk);
    disk.hold();
    const commits = Array.from({ length: 20 }, (_, at) => {
      journal.append(record(at));
      return journal.commit();
    });
    const { bytes } = journal;
    disk.release();
    await Promise.all(commits);
    expect(disk.writes).toBe(2);
    expect([journal.waitingBytes, journal.bytes]).toEqual([0, bytes]);
    await journal.close();
    expect((await open(disk)).journal.bytes).toBe(bytes);
  });

  test('[RL8] equals a list of what was committed, over random histories with faults and crashes', async () => {
    const { numRuns = 0, seed = 0 } = propertySettings(200);
    for (let run = 0; run < numRuns; run += 1) {
      const random = new SeededRandom(`journal ${seed + run}`);
      const disk = new TwinDisk();
      let { journal } = await open(disk);
      let committed: number[] = [];
      let now: { readonly number: number; readonly seq: number }[] = [];
      for (let step = 1; step < 60; step += 1) {
        const dice = random.below(10);
        if (dice < 5) now.push({ number: journal.append(record(step)), seq: step });
        else if (dice === 5) {
          const through = random.below(Math.max(1, (now.at(-1)?.number ?? 0) + 1));
          journal.cut({ kind: 'patch', through });
          now = now.filter(({ number }) => number > through);
        } else if (dice < 9) {
          if (random.chance(0.3)) disk.faults.push(random.pick(['full', 'failed'] as const));
          const isDone = await journal.commit().then(
            () => true,
            () => false,
          );
          if (isDone) committed = now.map(({ seq }) => seq);
        } else {
          disk.crash();
          const again = await open(disk);
          expect(again.seqs).toEqual(committed);
          journal = again.journal;
          now = again.records.map(({ number, seq }) => ({ number, seq }));
        }
      }
    }
  });

  test('[RL10] takes what is to be erased from the disk, its log included', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'weft-lane-'));
    const onDisk = async () => {
      const files = await Promise.all(
        (await readdir(directory)).map((name) => readFile(join(directory, name))),
      );
      return files.some((file) => file.includes('SECRET'));
    };
    const journal = new StoreJournal(await new DirectoryPlace(directory).open('lane'));
    await journal.load();
    const secret = journal.append({ ...record(1), body: Buffer.from('SECRET'.repeat(2_000)) });
    journal.append(record(2));
    await journal.commit();
    expect(await onDisk()).toBe(true);
    journal.cut({ kind: 'patch', through: secret, erase: true });
    await journal.commit();
    expect(await onDisk()).toBe(false);
    await journal.close();
    await rm(directory, { recursive: true });
  });
});
