import { propertySettings } from '@weft/testing';
import { type RateLimit, STOCK_RATE_LIMIT, TokenBucket } from '@weft/testing/homeserver';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HomeserverError } from '../errors.ts';
import { RateLearner } from './rate-learner.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** A bucket and who learns it, on a clock that the test turns. */
class Course {
  readonly learner = new RateLearner();
  readonly #bucket: TokenBucket;
  nowMs = 1_000_000;
  accepted = 0;
  refused = 0;
  #advertisedMs = Number.NEGATIVE_INFINITY;
  #refusedSinceAdvertised = 0;

  constructor(limit: RateLimit) {
    this.#bucket = new TokenBucket(limit);
  }

  /** Sends at the first moment that the learner allows, as long as that comes before `untilMs`. */
  sendUntil(untilMs: number, reserve = 0): void {
    for (;;) {
      const atMs = this.learner.earliestMs(this.nowMs, reserve);
      if (atMs > untilMs) break;
      expect(atMs).toBeGreaterThanOrEqual(this.#advertisedMs);
      this.nowMs = atMs;
      this.#send();
    }
    this.nowMs = untilMs;
  }

  /** Another program of the same user sends; the learner is told, or not. */
  spendElsewhere(isTold: boolean): void {
    try {
      this.#bucket.take('spend', this.nowMs);
    } catch {
      return;
    }
    if (isTold) this.learner.spend(1, this.nowMs);
  }

  #send(): void {
    try {
      this.#bucket.take('send', this.nowMs);
      this.accepted += 1;
      this.learner.accepted(this.nowMs);
    } catch (error) {
      if (!(error instanceof HomeserverError)) throw error;
      this.refused += 1;
      const isAfterAdvertised = this.nowMs >= this.#advertisedMs;
      this.#refusedSinceAdvertised = isAfterAdvertised ? 1 : this.#refusedSinceAdvertised + 1;
      expect(this.#refusedSinceAdvertised).toBe(1);
      this.#advertisedMs = this.nowMs + (error.retryAfterMs ?? 0);
      this.learner.refused(this.nowMs, error.retryAfterMs);
    }
  }
}

const limits = fc.record({
  perSecond: fc.oneof(fc.constant(0.2), fc.double({ min: 0.02, max: 50, noNaN: true })),
  burst: fc.integer({ min: 1, max: 60 }),
});

type Step =
  | { readonly do: 'send'; readonly forMs: number }
  | { readonly do: 'rest'; readonly forMs: number }
  | { readonly do: 'spend'; readonly isTold: boolean };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('send' as const), forMs: fc.nat(90 * SECOND_MS) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rest' as const), forMs: fc.nat(10 * MINUTE_MS) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('spend' as const), isTold: fc.boolean() }) },
);

describe('the rate learner', () => {
  it('[W17] sends nothing before the time that a refusal names, and has one request refused for each at most', () => {
    fc.assert(
      fc.property(limits, fc.array(step, { maxLength: 30 }), fc.nat(3), (limit, steps, reserve) => {
        const course = new Course(limit);
        for (const next of steps) {
          if (next.do === 'send') course.sendUntil(course.nowMs + next.forMs, reserve);
          else if (next.do === 'rest') course.nowMs += next.forMs;
          else course.spendElsewhere(next.isTold);
        }
      }),
      propertySettings(300),
    );
  });

  it('[W18] gets nine tenths of what the bucket allows, and is hardly refused, once it has learned the rate', () => {
    fc.assert(
      fc.property(limits, (limit) => {
        const course = new Course(limit);
        const tokenMs = SECOND_MS / limit.perSecond;
        course.sendUntil(course.nowMs + (limit.burst + 3) * tokenMs + SECOND_MS);
        const { accepted, refused } = course;
        course.sendUntil(course.nowMs + 200 * tokenMs);
        expect(course.accepted - accepted).toBeGreaterThanOrEqual(180);
        expect(course.refused - refused).toBeLessThanOrEqual(20);
      }),
      propertySettings(200),
    );
  });

  it('[W18] uses the whole burst again after a rest, whether it is larger or smaller than the stock one', () => {
    fc.assert(
      fc.property(limits, (limit) => {
        const course = new Course(limit);
        const tokenMs = SECOND_MS / limit.perSecond;
        const burstMs = (limit.burst + 3) * tokenMs + SECOND_MS;
        for (let round = 0; round < 3; round += 1) {
          course.sendUntil(course.nowMs + burstMs);
          course.nowMs += 2 * burstMs;
        }
        const { accepted } = course;
        course.sendUntil(course.nowMs + tokenMs / 2);
        expect(course.accepted - accepted).toBeGreaterThanOrEqual(Math.floor(0.9 * limit.burst));
      }),
      propertySettings(200),
    );
  });

  it('[W17] obeys the stock limit with two refusals, and none from then on', () => {
    const course = new Course(STOCK_RATE_LIMIT);
    course.sendUntil(course.nowMs);
    expect([course.accepted, course.refused]).toEqual([10, 1]);
    course.sendUntil(course.nowMs + 10 * MINUTE_MS + SECOND_MS);
    expect([course.accepted, course.refused]).toEqual([10 + 120, 2]);
    expect(course.learner.perSecond).toBeCloseTo(0.2, 3);
  });

  it('[W18] keeps the reserve once the limit is known', () => {
    const course = new Course(STOCK_RATE_LIMIT);
    course.sendUntil(course.nowMs + MINUTE_MS + SECOND_MS, 2);
    expect(course.learner.available(course.nowMs)).toBeGreaterThanOrEqual(2);
    expect(course.accepted).toBe(10 + 12 - 2);
  });

  it('[W17] waits five seconds after a refusal that names no time', () => {
    const learner = new RateLearner();
    learner.refused(1000, null);
    expect(learner.earliestMs(1000, 0)).toBe(6000);
    expect(learner.available(5999)).toBe(0);
    expect(learner.available(6000)).toBe(1);
  });

  it('[W18] counts what the same user sends elsewhere, and a success past the estimate raises it', () => {
    const learner = new RateLearner();
    learner.spend(4, 0);
    expect(learner.available(0)).toBe(6);
    for (let sent = 0; sent < 100; sent += 1) learner.accepted(0);
    expect(learner.burst).toBeGreaterThan(90);
    expect(learner.available(SECOND_MS)).toBeGreaterThan(learner.burst / 2);
  });

  it('[W17] waits as long as it was told when the clock is set back meanwhile', () => {
    const learner = new RateLearner();
    learner.refused(HOUR_MS, 5000);
    expect(learner.earliestMs(HOUR_MS + 2000, 0)).toBe(HOUR_MS + 5000);
    expect(learner.earliestMs(2000, 0)).toBe(5000);
    expect(learner.available(5000)).toBe(1);
  });

  it('[W18] measures again after an hour, since an operator may have raised the limit', () => {
    const course = new Course(STOCK_RATE_LIMIT);
    course.sendUntil(course.nowMs + MINUTE_MS, 2);
    const { refused } = course;
    course.sendUntil(course.nowMs + HOUR_MS, 2);
    expect(course.refused - refused).toBeLessThanOrEqual(2);
    expect(course.refused - refused).toBeGreaterThan(0);
  });
});
