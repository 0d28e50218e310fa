import type { RegisterEntry } from '../register/patch.ts';
import { compareRegisters } from '../register/register.ts';
import type { RegisterStore } from '../register/register-store.ts';
import type { HybridClock } from '../stamp/clock.ts';
import type { Stamp, Time } from '../stamp/stamp.ts';

/** An entry and what takes its place. */
export interface Restamped {
  readonly before: RegisterEntry;
  readonly after: RegisterEntry;
}

/**
 * The entries that are stamped further ahead than the clock may issue, in their order under stamps of now; those of one
 * stamp share one again. What wins only because it is ahead keeps its stamp.
 */
export function restamp(
  entries: readonly RegisterEntry[],
  base: Pick<RegisterStore, 'dominates'>,
  clock: HybridClock,
): readonly Restamped[] {
  const stamps = new Map<Time, Stamp>();
  const restamped: Restamped[] = [];
  const limit = clock.limit;
  const ahead = entries
    .filter(({ register }) => register.stamp.time > limit)
    .filter(({ id, path, register }) => !base.dominates(id, path, register))
    .sort((a, b) => compareRegisters(a.register, b.register));
  for (const before of ahead) {
    const { id, path, register } = before;
    const stamp = stamps.get(register.stamp.time) ?? clock.issue();
    stamps.set(register.stamp.time, stamp);
    const anew = { value: register.value, stamp };
    // The room may hold a value that is ahead, too: under an earlier stamp this edit would be lost without a word.
    if (!base.dominates(id, path, anew)) restamped.push({ before, after: { id, path, register: anew } });
  }
  return restamped;
}
