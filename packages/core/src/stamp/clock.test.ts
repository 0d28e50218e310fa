import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTOR_IDS, stamp } from '../../test/arbitraries.ts';
import { isActorId } from '../ids.ts';
import { HybridClock, MAX_CLOCK_LEAD_MS, QUARANTINE_LEAD_MS, quarantineHorizon } from './clock.ts';
import { compareStamps, isTime, MAX_TIME_TICKS, msOf, parseTime, TICKS_PER_MS, timeFromMs } from './stamp.ts';

const START_MS = 1_767_225_600_000;
const [actor] = ACTOR_IDS.filter(isActorId);
if (actor === undefined) throw new Error('no actor');
const clockAt = (start: number) => {
  const at = { ms: start };
  return { at, clock: new HybridClock({ now: () => at.ms, actor }) };
};

describe('times', () => {
  test('[S1] pack milliseconds and a counter that carries', () => {
    expect(timeFromMs(START_MS, 5)).toBe(START_MS * 2048 + 5);
    expect(msOf(timeFromMs(START_MS, 2047))).toBe(START_MS);
    expect(msOf(timeFromMs(START_MS, 2048))).toBe(START_MS + 1);
    expect(timeFromMs(START_MS + 0.9)).toBe(timeFromMs(START_MS));
  });

  test('[S1] stay below 2^53 - 2^31', () => {
    expect(isTime(MAX_TIME_TICKS)).toBe(true);
    for (const bad of [MAX_TIME_TICKS + 1, -1, 0.5, Number.NaN, '1', null, undefined])
      expect(isTime(bad)).toBe(false);
    expect(MAX_TIME_TICKS).toBe(2 ** 53 - 2 ** 31 - 1);
    expect(() => parseTime(MAX_TIME_TICKS + 1)).toThrow(/Cannot read a time/);
    expect(() => timeFromMs(Number.NaN)).toThrow(/Cannot read a time/);
    expect(() => timeFromMs(-1)).toThrow(/Cannot read a time/);
  });

  test('[S2] compareStamps is a total order by time, then actor', () => {
    fc.assert(
      fc.property(stamp, stamp, stamp, (a, b, c) => {
        expect(Math.sign(compareStamps(a, b)) + Math.sign(compareStamps(b, a))).toBe(0);
        expect(compareStamps(a, b) === 0).toBe(a.time === b.time && a.actor === b.actor);
        if (a.time < b.time) expect(compareStamps(a, b)).toBeLessThan(0);
        if (compareStamps(a, b) <= 0 && compareStamps(b, c) <= 0)
          expect(compareStamps(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('HybridClock', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('issue' as const) }),
    fc.record({ kind: fc.constant('move' as const), by: fc.integer({ min: -500, max: 5000 }) }),
    fc.record({
      kind: fc.constant('observe' as const),
      lead: fc.integer({ min: -2 * QUARANTINE_LEAD_MS, max: 2 * QUARANTINE_LEAD_MS }),
      ticks: fc.nat(2047),
    }),
  );

  test('[S3] issues strictly increasing stamps, never more than a minute ahead', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { at, clock } = clockAt(START_MS);
        let last = 0;
        for (const action of steps) {
          if (action.kind === 'move') at.ms += action.by;
          else if (action.kind === 'observe') clock.observe(timeFromMs(at.ms + action.lead, action.ticks));
          else {
            const { time } = clock.issue();
            expect(time).toBeGreaterThan(last);
            expect(time).toBeLessThanOrEqual((at.ms + MAX_CLOCK_LEAD_MS) * TICKS_PER_MS);
            last = time;
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('[S3] follows the physical clock, and counts within a millisecond', () => {
    const { at, clock } = clockAt(START_MS);
    expect(clock.issue()).toEqual({ time: timeFromMs(START_MS), actor });
    expect(clock.issue().time).toBe(timeFromMs(START_MS, 1));
    for (let n = 2; n <= 2048; n++) clock.issue();
    expect(msOf(clock.issue().time)).toBe(START_MS + 1);
    at.ms += 10;
    expect(clock.issue().time).toBe(timeFromMs(START_MS + 10));
  });

  test('[S3] exceeds what it observed within the lead', () => {
    const { clock } = clockAt(START_MS);
    const seen = timeFromMs(START_MS + 30_000, 7);
    clock.observe(seen);
    expect(clock.issue().time).toBe(seen + 1);
    clock.observe(timeFromMs(START_MS));
    expect(clock.issue().time).toBe(seen + 2);
  });

  test('[S4] is not moved by what belongs in the quarantine', () => {
    const { clock } = clockAt(START_MS);
    clock.observe(parseTime(quarantineHorizon(START_MS) + 1));
    clock.observe(parseTime(MAX_TIME_TICKS));
    expect(clock.issue().time).toBe(timeFromMs(START_MS));
  });

  test('[S4] is moved to just below its limit by a peer at the horizon, and still issues', () => {
    const { clock } = clockAt(START_MS);
    clock.observe(quarantineHorizon(START_MS));
    const first = clock.issue().time;
    expect(first).toBeGreaterThan(timeFromMs(START_MS + MAX_CLOCK_LEAD_MS - 2000));
    for (let n = 0; n < 5000; n++) clock.issue();
    expect(clock.issue().time).toBeGreaterThan(first + 5000);
    expect(clock.issue().time).toBeLessThanOrEqual(clock.limit);
  });

  test('[S3] follows a clock that was corrected backwards by more than the lead', () => {
    const { at, clock } = clockAt(START_MS + 3_600_000);
    clock.issue();
    at.ms = START_MS;
    const { time } = clock.issue();
    expect(time).toBe(timeFromMs(START_MS));
    expect(clock.issue().time).toBeGreaterThan(time);
  });

  test('the horizon is ten minutes ahead and never beyond the last time', () => {
    expect(quarantineHorizon(START_MS)).toBe(timeFromMs(START_MS + 600_000));
    expect(quarantineHorizon(2 ** 42)).toBe(MAX_TIME_TICKS);
    expect(() => quarantineHorizon(Number.NaN)).toThrow(/Cannot read a time/);
  });
});
