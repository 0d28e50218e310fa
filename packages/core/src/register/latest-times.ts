import type { Stamp, Time } from '../stamp/stamp.ts';
import { laterPurge, type Patch } from './patch.ts';
import { type LatestTimes, summaryOf } from './patch-summary.ts';
import { RowRegisters } from './row-registers.ts';

// A patch never changes, and is asked by the quarantine as well as by the clock.
const latestTimes = new WeakMap<Patch, LatestTimes>();
/** Below this it costs less to look once more than to remember. */
const LEAST_REMEMBERED_OBJECTS = 16;

/** Looks at each object of a large patch once, however often it is asked, and at none of one that was read from a file. */
export function latestTimesOf(patch: Patch): LatestTimes {
  const summary = summaryOf(patch);
  if (summary !== undefined) return summary.latest;
  const isLarge = patch.objects.size >= LEAST_REMEMBERED_OBJECTS;
  const known = isLarge ? latestTimes.get(patch) : undefined;
  if (known !== undefined) return known;
  let latestStamp: Time | null = null;
  let latestPurge: Time | null = null;
  let last: Stamp | null = null;
  for (const { registers, purge } of patch.objects.values()) {
    if (purge !== null) latestPurge = laterPurge(latestPurge, purge);
    if (registers instanceof RowRegisters) {
      latestStamp = laterPurge(latestStamp, registers.latestTime());
      continue;
    }
    for (const { stamp } of registers.values()) {
      // Most registers share the stamp of their neighbour.
      if (stamp === last) continue;
      last = stamp;
      latestStamp = laterPurge(latestStamp, stamp.time);
    }
  }
  const latest = { stamp: latestStamp, purge: latestPurge };
  if (isLarge) latestTimes.set(patch, latest);
  return latest;
}

/** The latest time that a patch speaks of, stamps and purges; `null` where it says nothing. */
export function latestTime(patch: Patch): Time | null {
  const { stamp, purge } = latestTimesOf(patch);
  return laterPurge(stamp, purge);
}
