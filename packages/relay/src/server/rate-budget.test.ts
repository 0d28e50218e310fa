import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RateBudget } from './rate-budget.ts';

function budget(perSecond = 100, burst = 10) {
  const clock = { ms: 1000 };
  return { clock, budget: new RateBudget({ perSecond, burst, now: () => clock.ms }) };
}

describe('RateBudget', () => {
  test('[RE6] lets a burst go at once, and then what time earns', () => {
    const { clock, budget: one } = budget();
    one.spend(10);
    expect(one.owedMs()).toBe(0);
    one.spend(1);
    expect(one.owedMs()).toBe(10);
    clock.ms += 10;
    expect(one.owedMs()).toBe(0);
  });

  test('[RE6] is broken by more than a second burst of debts', () => {
    const { budget: one } = budget();
    one.spend(20);
    expect(one.isBroken).toBe(false);
    one.spend(1);
    expect(one.isBroken).toBe(true);
  });

  test('[RE6] earns nothing, and loses nothing, by a clock that is set back', () => {
    const { clock, budget: one } = budget();
    one.spend(11);
    clock.ms -= 100_000;
    expect(one.owedMs()).toBe(10);
    clock.ms += 5;
    expect(one.owedMs()).toBe(5);
  });

  test('[RE6] who waits off what is owed sends no more than the rate and a burst, however it is spread', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 200 })), { maxLength: 200 }),
        (steps) => {
          const { clock, budget: one } = budget();
          const startMs = clock.ms;
          let spent = 0;
          for (const [amount, waitMs] of steps) {
            clock.ms += one.owedMs();
            one.spend(amount);
            spent += amount;
            expect(one.isBroken).toBe(false);
            clock.ms += waitMs;
            expect(spent).toBeLessThanOrEqual(10 + 5 + ((clock.ms - startMs) * 100) / 1000 + 1);
          }
        },
      ),
    );
  });
});
