import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BASE_TIME,
  delivery,
  OBJECT_IDS,
  PATHS,
  patch,
  plainPatch,
  shifted,
} from '../../test/arbitraries.ts';
import { type ActorId, isActorId, type ObjectId, type Path } from '../ids.ts';
import { join } from '../register/join.ts';
import { emptyPatch, entriesOf, type Patch, patchOf } from '../register/patch.ts';
import { parseTime, TICKS_PER_MS } from '../stamp/stamp.ts';
import { MAX_QUARANTINED, Quarantine } from './quarantine.ts';

const MINUTE_MS = 60_000;
const horizonAt = (minutes: number) => parseTime(BASE_TIME + minutes * MINUTE_MS * TICKS_PER_MS);
const [id, path, actor] = names();

function names(): [ObjectId, Path, ActorId] {
  const [firstId] = OBJECT_IDS;
  const [firstPath] = PATHS;
  const name: string = 'actor-aaaaaa';
  if (firstId === undefined || firstPath === undefined || !isActorId(name)) throw new Error('no names');
  return [firstId, firstPath, name];
}

const at = (ticks: number): Patch =>
  patchOf({
    registers: [
      { id, path, register: { value: ticks, stamp: { time: parseTime(BASE_TIME + ticks), actor } } },
    ],
  });
const timesOf = (from: Patch) => [...entriesOf(from)].map(({ register }) => register.stamp.time - BASE_TIME);

describe('Quarantine', () => {
  const minutes = fc.constantFrom(-20, 0, 5, 15, 40);
  const patches = fc.array(
    fc.tuple(patch, minutes).map(([one, by]) => shifted(one, by * MINUTE_MS)),
    { maxLength: 6 },
  );

  test('[Q1] what was let in by some moment is the join of all that is not later, in any order of arrival', () => {
    const moves = fc.array(fc.constantFrom(0, 0, 5, 10, 20), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(
        patches.chain((all) => fc.tuple(fc.constant(all), delivery(all))),
        moves,
        ([all, delivered], steps) => {
          const quarantine = new Quarantine();
          let horizon = 0;
          let held = emptyPatch;
          for (const [index, one] of delivered.entries()) {
            held = join(held, quarantine.admit(one, horizonAt(horizon)));
            horizon += steps[index] ?? 0;
            held = join(held, quarantine.release(horizonAt(horizon)));
            for (const time of timesOf(held))
              expect(time + BASE_TIME).toBeLessThanOrEqual(horizonAt(horizon));
          }
          expect(quarantine.dropped).toBe(0);
          const end = join(held, quarantine.release(horizonAt(horizon + 60)));
          expect(quarantine.size).toBe(0);
          expect(plainPatch(end)).toEqual(plainPatch(all.reduce(join, emptyPatch)));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('[Q1] two replicas at the same moment agree, though one heard of the future first', () => {
    fc.assert(
      fc.property(patches, minutes, (all, now) => {
        const early = new Quarantine();
        const late = new Quarantine();
        const first = all.map((one) => early.admit(one, horizonAt(-30))).reduce(join, emptyPatch);
        const second = all.map((one) => late.admit(one, horizonAt(now))).reduce(join, emptyPatch);
        expect(plainPatch(join(first, early.release(horizonAt(now))))).toEqual(plainPatch(second));
        expect(early.size).toBe(late.size);
      }),
      { numRuns: 500 },
    );
  });

  test('[Q1] returns the patch itself where nothing is ahead', () => {
    const one = at(5);
    expect(new Quarantine().admit(one, parseTime(BASE_TIME + 5))).toBe(one);
  });

  test('[Q2] lets in what is at the horizon and sets aside what is one tick later', () => {
    const quarantine = new Quarantine();
    const horizon = parseTime(BASE_TIME + 5);
    expect(timesOf(quarantine.admit(at(5), horizon))).toEqual([5]);
    expect(timesOf(quarantine.admit(at(6), horizon))).toEqual([]);
    expect(quarantine.size).toBe(1);
    expect(timesOf(quarantine.release(horizon))).toEqual([]);
    expect(timesOf(quarantine.release(parseTime(BASE_TIME + 6)))).toEqual([6]);
    expect(quarantine.size).toBe(0);
  });

  test('[Q2] keeps several registers of one path, each until its own time', () => {
    const quarantine = new Quarantine();
    for (const ticks of [30, 10, 20, 10]) quarantine.admit(at(ticks), BASE_TIME);
    expect(quarantine.size).toBe(3);
    expect(timesOf(quarantine.release(parseTime(BASE_TIME + 15)))).toEqual([10]);
    expect(timesOf(quarantine.release(parseTime(BASE_TIME + 40)))).toEqual([30]);
  });

  test('[Q2] says when the next entry may come in, to the millisecond', () => {
    const quarantine = new Quarantine();
    expect(quarantine.nextReleaseMs).toBeNull();
    quarantine.admit(at(20 * TICKS_PER_MS + 1), BASE_TIME);
    const baseMs = BASE_TIME / TICKS_PER_MS;
    expect(quarantine.nextReleaseMs).toBe(baseMs + 21 - 10 * MINUTE_MS);
  });

  test('[Q2] sets purges aside like registers', () => {
    const quarantine = new Quarantine();
    const purge = parseTime(BASE_TIME + 10);
    expect(quarantine.admit(patchOf({ purges: [[id, purge]] }), BASE_TIME).objects.size).toBe(0);
    expect(quarantine.release(purge).objects.get(id)?.purge).toBe(purge);
  });

  test('[Q3] is bounded, and keeps the soonest in whatever order they came', () => {
    const times = Array.from({ length: MAX_QUARANTINED + 10 }, (_, n) => n + 1);
    const soonest = times.slice(0, MAX_QUARANTINED);
    for (const order of [times, times.toReversed()]) {
      const quarantine = new Quarantine();
      for (const ticks of order) quarantine.admit(at(ticks), BASE_TIME);
      expect(quarantine.size).toBe(MAX_QUARANTINED);
      expect(quarantine.dropped).toBe(10);
      expect(timesOf(quarantine.release(parseTime(BASE_TIME + MAX_QUARANTINED + 10)))).toEqual([
        soonest.at(-1),
      ]);
    }
  });
});
