import { FakeTimers } from '@weft/testing';
import { describe, expect, it } from 'vitest';
import { type ReadingReason, StateReader } from './state-reader.ts';

/** Longer than jitter and pause together, shorter than the rare reading of a quiet room. */
const SOON_MS = 5000;

async function readings(answer: (() => Promise<boolean>) | null, reasons: readonly ReadingReason[]) {
  const timers = new FakeTimers();
  const counts = { read: 0, asked: 0 };
  const reader = new StateReader({
    timers,
    fraction: () => 0.5,
    request: async () => {
      counts.read += 1;
      return { events: [], malformed: [] };
    },
    done: async () => undefined,
    ended: () => undefined,
    failed: () => undefined,
    isUnchanged:
      answer &&
      (() => {
        counts.asked += 1;
        return answer();
      }),
  });
  for (const reason of reasons) reader.request(reason);
  await timers.advance(SOON_MS);
  reader.stop();
  expect(timers.pending).toBe(0);
  return counts;
}

describe('a gap', () => {
  it('[F13] is no reason to read the state where somebody vouches that it is the same', async () => {
    expect(await readings(async () => true, ['gap'])).toEqual({ read: 0, asked: 1 });
  });

  it('[F13] is one where it differs, where nobody can say, and where the answer fails', async () => {
    expect(await readings(async () => false, ['gap'])).toEqual({ read: 1, asked: 1 });
    expect(await readings(null, ['gap'])).toEqual({ read: 1, asked: 0 });
    expect(await readings(() => Promise.reject(new Error('gone')), ['gap'])).toEqual({ read: 1, asked: 1 });
  });

  it('[F13] beside a doubt is read, whatever anybody says', async () => {
    expect(await readings(async () => true, ['gap', 'doubt'])).toEqual({ read: 1, asked: 0 });
    expect(await readings(async () => true, ['doubt', 'gap'])).toEqual({ read: 1, asked: 0 });
  });
});
