import { parseUserId } from '@weft/core';
import { describe, expect, it } from 'vitest';
import { MAX_RANK, rankOf, turnDelayMs } from './turn.ts';

const fractions = [0, 0.5, 0.999];

describe('the turn of a client', () => {
  it('[N1] comes for overwriters first, then authors, guardians and members by rank, whatever the jitter', () => {
    const parts = [
      { kind: 'overwriter' },
      { kind: 'author' },
      { kind: 'guardian' },
      { kind: 'member', rank: 1 },
      { kind: 'member', rank: 2 },
      { kind: 'member', rank: MAX_RANK },
    ] as const;
    const latest = parts.map((part) => Math.max(...fractions.map((fraction) => turnDelayMs(part, fraction))));
    const soonest = parts.map((part) =>
      Math.min(...fractions.map((fraction) => turnDelayMs(part, fraction))),
    );
    for (let at = 1; at < parts.length; at += 1) expect(soonest[at]).toBeGreaterThan(latest[at - 1] ?? 0);
  });

  it('[N1] comes for everybody, however many there are', () => {
    const last = turnDelayMs({ kind: 'member', rank: MAX_RANK }, 0);
    expect(turnDelayMs({ kind: 'member', rank: MAX_RANK + 1 }, 0)).toBe(last);
    expect(turnDelayMs({ kind: 'member', rank: 100_000 }, 0)).toBe(last);
  });

  it('[N1] is counted among those who may write, in an order that all agree on', () => {
    const [a, b, c] = ['@a:x', '@b:x', '@c:x'].map((id) => parseUserId(id));
    if (a === undefined || b === undefined || c === undefined) throw new TypeError('three users');
    expect([a, b, c].map((user) => rankOf(user, [c, a, b]))).toEqual([1, 2, 3]);
    expect(rankOf(b, [b, c])).toBe(1);
    expect(rankOf(a, [b, c])).toBeNull();
  });
});
