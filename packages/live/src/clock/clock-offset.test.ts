import { SeededRandom } from '@weft/testing';
import { expect, test } from 'vitest';
import { ClockOffset, MAX_CLOCK_SAMPLES, MAX_SAMPLE_ROUND_TRIP_MS } from './clock-offset.ts';

const START_MS = 1_767_225_600_000;

/** Two clocks and a way between them. */
function measure(offset: ClockOffset, at: number, ahead: number, thereMs: number, backMs: number): void {
  offset.add(at, at + thereMs + ahead, at + thereMs + backMs);
}

test('[LV2] the offset is unknown until it was measured, and then that of the shortest way', () => {
  const offset = new ClockOffset();
  expect(offset.offsetMs).toBeNull();
  expect(offset.roundTripMs).toBeNull();
  measure(offset, START_MS, 5_000, 400, 20);
  expect(offset.offsetMs).toBe(5_190);
  measure(offset, START_MS + 1_000, 5_000, 3, 5);
  measure(offset, START_MS + 2_000, 5_000, 200, 10);
  expect(offset.offsetMs).toBe(4_999);
  expect(offset.roundTripMs).toBe(8);
});

test('[LV2] the error stays within half of the shortest way, whatever the delays and the drift', () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const random = new SeededRandom(`offset ${seed}`);
    const offset = new ClockOffset();
    const ahead = random.between(-3_600_000, 3_600_000);
    const drift = random.between(-0.0001, 0.0001);
    let shortest = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 200; round += 1) {
      const at = START_MS + round * 1_000;
      const [there, back] = [random.between(1, 300), random.between(1, 300)];
      measure(offset, at, ahead + drift * round * 1_000, there, back);
      if (round < MAX_CLOCK_SAMPLES) {
        shortest = Math.min(shortest, there + back);
        const error = Math.abs((offset.offsetMs ?? Number.NaN) - ahead);
        expect(error).toBeLessThanOrEqual(shortest / 2 + MAX_CLOCK_SAMPLES);
      }
    }
    expect(Math.abs((offset.offsetMs ?? Number.NaN) - ahead - drift * 200_000)).toBeLessThan(200);
  }
});

test('[LV2] a clock that was set, here or there, is followed by the next answer', () => {
  const offset = new ClockOffset();
  for (let at = 0; at < 10_000; at += 1_000) measure(offset, START_MS + at, 0, 5, 5);
  measure(offset, START_MS + 11_000, 3_600_000, 20, 20);
  expect(offset.offsetMs).toBe(3_600_000);
  // The local clock goes an hour back.
  measure(offset, START_MS - 3_600_000, 7_200_000, 20, 20);
  expect(offset.offsetMs).toBe(7_200_000);
  // While an answer was under way: it says nothing, and what was measured before is no more worth.
  offset.add(START_MS, START_MS, START_MS - 1);
  expect(offset.offsetMs).toBeNull();
});

test('[LV2] what was too long on the way, or is no time, changes nothing', () => {
  const offset = new ClockOffset();
  measure(offset, START_MS, 100, MAX_SAMPLE_ROUND_TRIP_MS / 2, MAX_SAMPLE_ROUND_TRIP_MS / 2);
  expect(offset.offsetMs).toBe(100);
  measure(offset, START_MS + 20_000, 9_000, MAX_SAMPLE_ROUND_TRIP_MS, 1);
  offset.add(START_MS + 40_000, Number.NaN, START_MS + 40_001);
  expect(offset.offsetMs).toBe(100);
});
