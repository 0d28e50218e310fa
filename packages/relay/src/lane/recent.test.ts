import { newRunId, type RunId } from '@weft/protocol';
import { SeededRandom } from '@weft/testing';
import { describe, expect, test } from 'vitest';
import { MAX_KNOWN_RUNS, Recent } from './recent.ts';

const { bytes } = new SeededRandom('runs');
const [A, B, C] = [newRunId(bytes), newRunId(bytes), newRunId(bytes)];
const LIMITS = { recentFrames: 1000, recentBytes: 1_000_000 };

function message(text: string): Uint8Array {
  return Buffer.from(text);
}

function said(recent: Recent, run: RunId, seq: number): string[] | null {
  return recent.since({ run, seq })?.map((each) => Buffer.from(each).toString()) ?? null;
}

describe('the recent frames', () => {
  test('[RL5] are those since a position of this run, and none beyond', () => {
    const recent = new Recent(LIMITS);
    recent.begin(A);
    for (let at = 1; at <= 3; at += 1) recent.push(message(`a${at}`), at);
    expect([recent.seq, recent.endOf(A)]).toEqual([3, 3]);
    expect(said(recent, A, 0)).toEqual(['a1', 'a2', 'a3']);
    expect(said(recent, A, 3)).toEqual([]);
    expect(said(recent, A, 4)).toBeNull();
    expect(said(recent, B, 0)).toBeNull();
  });

  test('[RL5] are kept by count and by bytes, the latest, at the bound and one past it', () => {
    const byCount = new Recent({ ...LIMITS, recentFrames: 3 });
    byCount.begin(A);
    for (let at = 1; at <= 4; at += 1) byCount.push(message(`a${at}`), at);
    expect([said(byCount, A, 0), said(byCount, A, 1), byCount.oldestRecord]).toEqual([
      null,
      ['a2', 'a3', 'a4'],
      2,
    ]);
    const byBytes = new Recent({ ...LIMITS, recentBytes: 6 });
    byBytes.begin(A);
    for (let at = 1; at <= 3; at += 1) byBytes.push(message(`a${at}`), at);
    expect(said(byBytes, A, 0)).toEqual(['a1', 'a2', 'a3']);
    byBytes.push(message('aaaa'), 4);
    expect([said(byBytes, A, 1), said(byBytes, A, 2)]).toEqual([null, ['a3', 'aaaa']]);
  });

  test('[RL5] go on over runs, each as far as it was kept', () => {
    const recent = new Recent(LIMITS);
    for (let seq = 1; seq <= 3; seq += 1) recent.restore({ run: A, seq }, message(`a${seq}`), seq);
    recent.restore({ run: B, seq: 1 }, message('b1'), 4);
    recent.begin(C);
    recent.push(message('c1'), 5);
    expect(said(recent, A, 1)).toEqual(['a2', 'a3', 'b1', 'c1']);
    expect(said(recent, A, 3)).toEqual(['b1', 'c1']);
    expect(said(recent, A, 4)).toBeNull();
    expect(said(recent, B, 1)).toEqual(['c1']);
    expect([recent.endOf(A), recent.endOf(B), recent.endOf(C), recent.seq]).toEqual([3, 1, 1, 1]);
  });

  test('[RL5] are useless before a gap, and before an end that was not reached', () => {
    const gap = new Recent(LIMITS);
    gap.restore({ run: A, seq: 1 }, message('a1'), 1);
    gap.restore({ run: A, seq: 3 }, message('a3'), 2);
    gap.begin(B);
    expect([said(gap, A, 1), said(gap, A, 2), said(gap, A, 3)]).toEqual([null, ['a3'], []]);
    const short = new Recent(LIMITS);
    short.restore({ run: A, seq: 1 }, message('a1'), 1);
    short.restoreEnd({ run: A, seq: 2 });
    short.begin(B);
    expect([said(short, A, 1), short.endOf(A)]).toEqual([null, 2]);
    const whole = new Recent(LIMITS);
    whole.restore({ run: A, seq: 1 }, message('a1'), 1);
    whole.restoreEnd({ run: A, seq: 1 });
    whole.begin(B);
    expect(said(whole, A, 0)).toEqual(['a1']);
  });

  test('[RL5] are known of 64 earlier runs, and of no more', () => {
    const recent = new Recent(LIMITS);
    const runs = Array.from({ length: MAX_KNOWN_RUNS + 2 }, () => newRunId(bytes));
    for (const run of runs) recent.begin(run);
    expect(runs.map((run) => recent.endOf(run)).filter((end) => end === null).length).toBe(1);
    expect(recent.ends.size).toBe(MAX_KNOWN_RUNS);
    recent.reset();
    expect(recent.ends.size).toBe(0);
  });
});
