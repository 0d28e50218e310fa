import { SeededRandom } from '@weft/testing';
import { describe, expect, test } from 'vitest';
import {
  FIRST_PLAYOUT_MS,
  MAX_PLAYOUT_MS,
  MAX_PLAYOUT_SAMPLES,
  MIN_PLAYOUT_MS,
  PlayoutDelay,
} from './playout-delay.ts';

const INTERVAL_MS = 50;
const MARGIN_MS = 2;

/** A mover that tells of itself every 50 ms, over a way that takes as long as a law says. @returns how often it ran dry */
function played(delay: PlayoutDelay, count: number, wayMs: (at: number) => number) {
  let [lastSentMs, lastArrivalMs, dry] = [0, 0, 0];
  for (let at = 1; at <= count; at += 1) {
    const sentMs = at * INTERVAL_MS;
    // In order, as a socket brings it.
    const arrivalMs = Math.max(lastArrivalMs, sentMs + wayMs(at));
    if (arrivalMs - delay.delayMs > lastSentMs) dry += 1;
    delay.arrived(arrivalMs, arrivalMs - lastSentMs);
    [lastSentMs, lastArrivalMs] = [sentMs, arrivalMs];
  }
  return dry / count;
}

const grown = (delay = new PlayoutDelay()): PlayoutDelay => {
  played(delay, 400, () => 150);
  return delay;
};

describe('how late motion is shown', () => {
  test('[AV2] is an interval and a way where arrivals are regular, whatever it was before', () => {
    const delay = new PlayoutDelay();
    expect(delay.delayMs).toBe(FIRST_PLAYOUT_MS);
    played(delay, 200, () => 8);
    expect(delay.delayMs).toBeCloseTo(INTERVAL_MS + 8 + MARGIN_MS);
    played(delay, 200, () => 150);
    expect(delay.delayMs).toBeCloseTo(INTERVAL_MS + 150 + MARGIN_MS);
    played(delay, 400, () => 8);
    expect(delay.delayMs).toBeCloseTo(INTERVAL_MS + 8 + MARGIN_MS);
  });

  const random = new SeededRandom('ways');
  test.each([
    ['even', () => random.between(5, 45)],
    ['skewed', () => 5 - 12 * Math.log(1 - random.float())],
    ['in bursts', (at: number) => (at % 20 < 4 ? 110 : 10)],
    ['with a hiccup of half a second now and then', (at: number) => (at % 200 === 0 ? 500 : 20)],
  ])('[AV2] keeps up with ways that are %s: one arrival in ten at most comes too late', (_, law) => {
    const delay = new PlayoutDelay();
    played(delay, 100, law);
    expect(played(delay, 2_000, law)).toBeLessThanOrEqual(0.1);
    expect(delay.delayMs).toBeLessThan(250);
  });

  test('[AV2] is not changed by one hiccup, and is by two of late', () => {
    const once = grown();
    const before = once.delayMs;
    once.arrived(1e6, 390);
    expect(once.delayMs).toBeCloseTo(before);
    once.arrived(1e6 + 100, 390);
    expect(once.delayMs).toBeCloseTo(before + 50);
  });

  test(`[AV2] looks back on ${MAX_PLAYOUT_SAMPLES} arrivals, and not on one more`, () => {
    const delay = grown();
    const highMs = delay.delayMs;
    for (let at = 1; at < MAX_PLAYOUT_SAMPLES - 1; at += 1) delay.arrived(1e6 + at, 60);
    expect(delay.delayMs).toBeCloseTo(highMs);
    for (let at = 0; at < 3; at += 1) delay.arrived(2e6 + at * 1_000, 60);
    expect(delay.delayMs).toBeLessThan(highMs);
  });

  test(`[AV2] is never less than ${MIN_PLAYOUT_MS} ms nor more than ${MAX_PLAYOUT_MS} ms, and no clock upsets it`, () => {
    const delay = new PlayoutDelay();
    const settle = (needMs: number): number => {
      for (let at = 0; at < 200; at += 1) delay.arrived(at * 1_000, needMs);
      return delay.delayMs;
    };
    expect(settle(MIN_PLAYOUT_MS - MARGIN_MS)).toBe(MIN_PLAYOUT_MS);
    expect(settle(MIN_PLAYOUT_MS - MARGIN_MS - 1)).toBe(MIN_PLAYOUT_MS);
    expect(settle(MIN_PLAYOUT_MS - MARGIN_MS + 1)).toBe(MIN_PLAYOUT_MS + 1);
    expect(settle(-1e9)).toBe(MIN_PLAYOUT_MS);
    expect(settle(MAX_PLAYOUT_MS - MARGIN_MS)).toBe(MAX_PLAYOUT_MS);
    expect(settle(MAX_PLAYOUT_MS - MARGIN_MS + 1)).toBe(MAX_PLAYOUT_MS);
    expect(settle(1e9)).toBe(MAX_PLAYOUT_MS);
    delay.arrived(-1e12, 60);
    expect(delay.delayMs).toBe(MAX_PLAYOUT_MS);
  });
});
