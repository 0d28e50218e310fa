import { propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BASE_TIME, plainPatch, shifted, USER_IDS } from '../../test/arbitraries.ts';
import { TREE_IDS, treePatch } from '../../test/history.ts';
import { expectChange, heldBy } from '../../test/replica-change.ts';
import { isActorId, parsePath } from '../ids.ts';
import { emptyPatch, type Patch, patchOf } from '../register/patch.ts';
import type { ChangeSet } from '../scene/change-set.ts';
import { msOf, timeFromMs } from '../stamp/stamp.ts';
import { MAX_RECENT_EVENTS, MAX_RETRACTED_EVENTS, RECENT_MS, type SourcedPatch } from './provenance.ts';
import { Replica } from './replica.ts';

const [ME = expect.fail(), OTHER = expect.fail()] = ['actor-mine--', 'actor-other-'].filter(isActorId);
const [USER = expect.fail()] = USER_IDS;
const [A = expect.fail()] = TREE_IDS;
const NAME = parsePath('node.name');
const START_MS = msOf(BASE_TIME);
const MINUTE_MS = 60_000;

function sourced(event: string, patch: Patch, atMs = START_MS): SourcedPatch {
  return { patch, source: { event, sender: USER, atMs, carrier: 'world.weft.object' } };
}

function named(value: string, ms: number, actor = OTHER): Patch {
  const register = { value, stamp: { time: timeFromMs(START_MS + ms), actor } };
  return patchOf({ registers: [{ id: A, path: NAME, register }], actors: [[actor, [USER]]] });
}

function replicaAt() {
  const at = { ms: START_MS };
  return { at, replica: new Replica({ actor: ME, now: () => at.ms }) };
}

const nameOf = (replica: Replica) => replica.scene.get(A)?.get(NAME);

type Step =
  | { readonly kind: 'event'; readonly event: string; readonly patch: Patch; readonly isLost: boolean }
  | { readonly kind: 'floor' | 'edit'; readonly patch: Patch }
  | { readonly kind: 'clock'; readonly ms: number }
  | { readonly kind: 'retract' };

const patch = fc
  .tuple(treePatch, fc.constantFrom(0, 0, 0, 0, 11 * MINUTE_MS, 30 * MINUTE_MS))
  .map(([one, by]) => shifted(one, by));
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('event' as const),
      event: fc.constantFrom(...'abcdefgh'),
      patch,
      isLost: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('floor' as const, 'edit' as const), patch }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('clock' as const), ms: fc.nat(12 * MINUTE_MS) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'retract' as const }) },
);

describe('taking events back', () => {
  test('[A13] sets aside what another event said and is ahead of time by now, since the clock was set back', () => {
    const { at, replica } = replicaAt();
    replica.receiveAll([sourced('first', named('Both', 0)), sourced('second', named('Both', 0))], 'matrix');
    expect(nameOf(replica)).toBe('Both');
    at.ms -= 11 * MINUTE_MS;
    replica.retract(['first']);
    expect([nameOf(replica), replica.quarantined]).toEqual([undefined, 1]);
    at.ms += 2 * MINUTE_MS;
    replica.releaseQuarantine();
    expect([nameOf(replica), replica.quarantined]).toEqual(['Both', 0]);
  });

  test('[A13] leaves a replica equal to one that never received them, whatever came before and after', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const seen = replicaAt();
        const never = replicaAt();
        const lost = new Set<string>();
        // Of one event the first patch decides what becomes of it.
        const fates = new Map<string, boolean>();
        for (const next of [...steps, { kind: 'retract' } as const]) {
          for (const { at, replica } of [seen, never]) {
            if (next.kind === 'clock') at.ms += next.ms;
            if (next.kind === 'floor') replica.receive(next.patch, 'matrix');
            if (next.kind === 'clock') replica.releaseQuarantine();
          }
          if (next.kind === 'event') {
            const isLost = fates.get(next.event) ?? next.isLost;
            fates.set(next.event, isLost);
            if (isLost) lost.add(next.event);
            seen.replica.receiveAll([sourced(next.event, next.patch)], 'matrix');
            if (!isLost) never.replica.receiveAll([sourced(next.event, next.patch)], 'matrix');
          }
          if (next.kind === 'retract') seen.replica.retract(lost);
          if (next.kind !== 'retract') continue;
          expect(plainPatch(seen.replica.toPatch())).toEqual(plainPatch(never.replica.toPatch()));
          expect(seen.replica.setHash()).toBe(never.replica.setHash());
          expect(seen.replica.quarantined).toBe(never.replica.quarantined);
        }
      }),
      propertySettings(500),
    );
  });

  test('[A13] tells exactly what changed in the scene, own edits included', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const { at, replica } = replicaAt();
        for (const next of steps) {
          const before = heldBy(replica);
          const shown = new Set(replica.scene.ids());
          let change: ChangeSet | null = null;
          if (next.kind === 'event') change = replica.receiveAll([sourced(next.event, next.patch)], 'matrix');
          if (next.kind === 'floor') change = replica.receive(next.patch, 'matrix');
          if (next.kind === 'edit') change = replica.write(next.patch, 'local');
          if (next.kind === 'clock') at.ms += next.ms;
          if (next.kind === 'retract') change = replica.retract('abcd');
          if (change !== null) expectChange(replica, before, shown, change);
        }
      }),
      propertySettings(300),
    );
  });

  test('[A13] brings back what they had hidden, and does not take them in again', () => {
    const { replica } = replicaAt();
    replica.receiveAll([sourced('old', named('Old', 1)), sourced('new', named('New', 2))], 'matrix');
    expect(nameOf(replica)).toBe('New');
    const change = replica.retract(['new']);
    expect([nameOf(replica), [...change.changed.keys()]]).toEqual(['Old', [A]]);
    replica.receiveAll([sourced('new', named('New', 2))], 'matrix');
    expect(nameOf(replica)).toBe('Old');
    replica.receiveAll([{ ...sourced('new', named('New', 2)), isHeld: true }], 'matrix');
    expect(nameOf(replica)).toBe('New');
    replica.retract(['old', 'new']);
    expect(replica.scene.has(A)).toBe(false);
    expect(plainPatch(replica.toPatch())).toEqual(plainPatch(emptyPatch));
  });

  test('[A13] takes back of what waits for the same time just what the event said', () => {
    const { replica } = replicaAt();
    const later = 11 * MINUTE_MS;
    replica.receiveAll(
      [sourced('one', named('One', later, ME)), sourced('two', named('Two', later))],
      'matrix',
    );
    expect(replica.quarantined).toBe(2);
    replica.retract(['one']);
    expect(replica.quarantined).toBe(1);
    replica.retract(['two']);
    expect(replica.quarantined).toBe(0);
  });

  test('keeps what another event says too, and undoes a purge of theirs', () => {
    const { replica } = replicaAt();
    const purge = patchOf({ purges: [[A, timeFromMs(START_MS + 5)]] });
    replica.receiveAll([sourced('one', named('Same', 1)), sourced('two', named('Same', 1))], 'matrix');
    replica.retract(['one']);
    expect(nameOf(replica)).toBe('Same');
    replica.receiveAll([sourced('purge', purge)], 'matrix');
    expect(replica.scene.has(A)).toBe(false);
    replica.retract(['purge']);
    expect([nameOf(replica), replica.purgeOf(A)]).toEqual(['Same', null]);
  });

  test('takes what was ahead of its time too, and not what another said for the same moment', () => {
    const { replica } = replicaAt();
    const laterMs = 60 * MINUTE_MS;
    replica.receiveAll(
      [sourced('one', named('Theirs', laterMs)), sourced('two', named('Mine', laterMs, ME))],
      'matrix',
    );
    expect(replica.quarantined).toBe(2);
    replica.retract(['two']);
    expect(replica.quarantined).toBe(1);
  });

  test('hides an edit of this client neither before nor after', () => {
    const { at, replica } = replicaAt();
    replica.receiveAll([sourced('theirs', named('Theirs', -10))], 'matrix');
    at.ms += 10;
    const register = { value: 'Mine', stamp: replica.clock.issue() };
    replica.write(patchOf({ registers: [{ id: A, path: NAME, register }] }), 'local');
    const change = replica.retract(['theirs']);
    expect([nameOf(replica), change.changed.size]).toEqual(['Mine', 0]);
  });
});

describe('what can be taken back', () => {
  test('[A14] is what came within 24 hours; what is older counts for good', () => {
    for (const [ageMs, expected] of [
      [RECENT_MS, undefined],
      [RECENT_MS + 1, 'Old'],
    ] as const) {
      const { replica } = replicaAt();
      replica.receiveAll([sourced('old', named('Old', 1), START_MS - ageMs)], 'matrix');
      replica.retract(['old']);
      expect(nameOf(replica), String(ageMs)).toBe(expected);
    }
    const { at, replica } = replicaAt();
    replica.receiveAll([sourced('old', named('Old', 1))], 'matrix');
    at.ms += RECENT_MS + 1;
    replica.receiveAll([], 'matrix');
    expect(replica.recentSources).toEqual([]);
    replica.retract(['old']);
    expect(nameOf(replica)).toBe('Old');
  });

  test('[A14] is the newest 1,000 events, and one more makes the oldest count for good', () => {
    const { replica } = replicaAt();
    const events = Array.from({ length: MAX_RECENT_EVENTS }, (_, at) =>
      sourced(`e${at}`, named(`N${at}`, at), START_MS + at),
    );
    replica.receiveAll(events, 'matrix');
    expect(replica.recentSources).toHaveLength(MAX_RECENT_EVENTS);
    replica.receiveAll([sourced('last', named('Last', 5000), START_MS + 5000)], 'matrix');
    expect(replica.recentSources.length).toBeLessThanOrEqual(MAX_RECENT_EVENTS);
    replica.retract(['last', ...events.map(({ source }) => source.event)]);
    expect(nameOf(replica)).toMatch(/^N\d+$/);
    expect(replica.recentSources).toEqual([]);
  });

  test('[A14] is remembered of the newest 4,096 events', () => {
    const { replica } = replicaAt();
    replica.retract(['first', ...Array.from({ length: MAX_RETRACTED_EVENTS - 1 }, (_, at) => `e${at}`)]);
    replica.receiveAll([sourced('first', named('First', 1))], 'matrix');
    expect(nameOf(replica)).toBeUndefined();
    replica.retract(['another']);
    replica.receiveAll([sourced('first', named('First', 1))], 'matrix');
    expect(nameOf(replica)).toBe('First');
  });
});
