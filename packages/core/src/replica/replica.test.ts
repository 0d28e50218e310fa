import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BASE_TIME, plainPatch, shifted } from '../../test/arbitraries.ts';
import { TREE_IDS, treePatch } from '../../test/history.ts';
import { Oracle } from '../../test/replica-oracle.ts';
import { expectScene } from '../../test/scene-plain.ts';
import { type ActorId, isActorId, type ObjectId, type Path, parsePath, parseUserId } from '../ids.ts';
import { join } from '../register/join.ts';
import { type Patch, patchOf, type RegisterEntry } from '../register/patch.ts';
import { compareRegisters } from '../register/register.ts';
import { RegisterStore } from '../register/register-store.ts';
import { reduceAll } from '../scene/reduce-all.ts';
import { msOf, TICKS_PER_MS, timeFromMs } from '../stamp/stamp.ts';
import type { Value } from '../value/value.ts';
import { Replica } from './replica.ts';

const MINUTE_MS = 60_000;
const START_MS = msOf(BASE_TIME) + MINUTE_MS;
const ME = actorNamed('actor-mine--');
const OTHER = actorNamed('actor-other-');
const NAME = parsePath('node.name');
const KIND = parsePath('node.kind');
const [A, B] = twoIds();

function actorNamed(name: string): ActorId {
  if (!isActorId(name)) throw new Error(name);
  return name;
}

function twoIds(): [ObjectId, ObjectId] {
  const [a, b] = TREE_IDS;
  if (a === undefined || b === undefined) throw new Error('no ids');
  return [a, b];
}

function replicaAt(ms = START_MS) {
  const at = { ms };
  return { at, replica: new Replica({ actor: ME, now: () => at.ms }) };
}

function said(value: Value, ms: number, more: { actor?: ActorId; id?: ObjectId; path?: Path } = {}): Patch {
  const { actor = OTHER, id = A, path = NAME } = more;
  return patchOf({ registers: [{ id, path, register: { value, stamp: { time: timeFromMs(ms), actor } } }] });
}

function edit(replica: Replica, value: Value, path: Path = NAME, id: ObjectId = A): Patch {
  return patchOf({ registers: [{ id, path, register: { value, stamp: replica.clock.issue() } }] });
}

const everything = { dominates: () => true };
const nameOf = (replica: Replica) => replica.scene.get(A)?.get(NAME);
const isSilent = (change: {
  added: readonly unknown[];
  removed: readonly unknown[];
  changed: { size: number };
}) => change.added.length + change.removed.length + change.changed.size === 0;

describe('Replica', () => {
  const minutes = fc.constantFrom(-30, 0, 0, 0, 8, 30);
  const patch = fc.tuple(treePatch, minutes).map(([one, by]) => shifted(one, by * MINUTE_MS));
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('receive' as const), patch }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('write' as const), patch }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('echo' as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('settle' as const), ids: fc.subarray([...TREE_IDS]) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('refuse' as const), ids: fc.subarray([...TREE_IDS]) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('refuse-dirty' as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('wait' as const), by: fc.constantFrom(1, 10, 25) }),
    },
  );

  test('[B1] a first edit leaves standing what the base says of the same object', () => {
    const { replica } = replicaAt();
    const parent = said(B, START_MS, { path: parsePath('node.parent') });
    replica.receive(join(said('Shelf', START_MS, { id: B }), parent), 'matrix');
    const { added, changed } = replica.write(edit(replica, 'Book'), 'local');
    expect([replica.scene.parent(A), added, [...changed]]).toEqual([B, [], [[A, [NAME]]]]);
  });

  test('[B1] what a purge takes is gone from the scene, also where base and pending say the same of the rest', () => {
    const { at, replica } = replicaAt();
    replica.write(said('Shelf', at.ms), 'local');
    replica.receive(said('Shelf', at.ms), 'matrix');
    const early = at.ms - MINUTE_MS;
    replica.receive(said(A, early, { path: parsePath('node.parent') }), 'matrix');
    expect(replica.scene.problems).toMatchObject([{ object: A, reason: 'cycle' }]);
    const purge = patchOf({ purges: [[A, timeFromMs(early)]] });
    expect([...replica.receive(purge, 'matrix').changed]).toEqual([[A, ['node.parent']]]);
    expect(replica.scene.problems).toEqual([]);
  });

  test('[B1] the scene is the reduction of base and pending after every step of any history', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 14 }), (steps) => {
        const { at, replica } = replicaAt();
        const oracle = new Oracle();
        const horizon = () => (at.ms + 10 * MINUTE_MS) * TICKS_PER_MS;
        for (const action of steps) {
          if (action.kind === 'receive') {
            oracle.take(action.patch, false, horizon());
            replica.receive(action.patch, 'matrix');
          } else if (action.kind === 'write') {
            oracle.take(action.patch, true, horizon());
            replica.write(action.patch, 'local');
          } else if (action.kind === 'echo') {
            const echo = patchOf({ registers: oracle.newestPending });
            oracle.take(echo, false, horizon());
            expect(isSilent(replica.receive(echo, 'matrix'))).toBe(true);
          } else if (action.kind === 'settle') {
            const room = { dominates: (id: ObjectId) => action.ids.includes(id) };
            const base = oracle.base;
            oracle.drop(
              (entry) => room.dominates(entry.id) && join(base, patchOf({ registers: [entry] })) === base,
            );
            replica.settle(room);
          } else if (action.kind === 'refuse') {
            oracle.drop(({ id }) => action.ids.includes(id));
            replica.refuse(action.ids);
          } else if (action.kind === 'refuse-dirty') {
            oracle.drop(() => true);
            replica.refuse(replica.dirty());
          } else {
            at.ms += action.by * MINUTE_MS;
            oracle.release(horizon());
            replica.releaseQuarantine();
          }
          const effective = oracle.effective.objects;
          const registers = new Map([...effective].map(([id, object]) => [id, object.registers]));
          for (const id of TREE_IDS)
            expect(Object.fromEntries(replica.registers(id) ?? [])).toEqual(
              Object.fromEntries(registers.get(id) ?? []),
            );
          expectScene(replica.scene, reduceAll(registers));
          expect(plainPatch(patchOf({ registers: entriesOfDirty(replica) }))).toEqual(
            plainPatch(patchOf({ registers: oracle.newestPending })),
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  test('[Q1] replicas that got the same patches in any order and at any time end equal', () => {
    const deliveries = fc
      .array(patch, { maxLength: 6 })
      .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
    fc.assert(
      fc.property(
        deliveries,
        fc.array(fc.constantFrom(0, 3, 12, 25), { maxLength: 6 }),
        ([one, two], waits) => {
          const left = replicaAt();
          const right = replicaAt();
          for (const each of one) left.replica.receive(each, 'matrix');
          for (const [index, each] of two.entries()) {
            right.at.ms += (waits[index] ?? 0) * MINUTE_MS;
            right.replica.receive(each, 'live');
            if (index % 2 === 0) right.replica.releaseQuarantine();
          }
          for (const { at, replica } of [left, right]) {
            at.ms = START_MS + 120 * MINUTE_MS;
            replica.releaseQuarantine();
            expect(replica.quarantined).toBe(0);
          }
          for (const id of TREE_IDS) {
            expect(left.replica.registers(id)).toEqual(right.replica.registers(id));
            expect(left.replica.purgeOf(id)).toBe(right.replica.purgeOf(id));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('[Q2] what is ahead of time counts nowhere until its time has come', () => {
    const { at, replica } = replicaAt();
    replica.receive(said('now', START_MS), 'matrix');
    const future = said('later', START_MS + 11 * MINUTE_MS);
    expect(isSilent(replica.receive(future, 'live'))).toBe(true);
    expect(nameOf(replica)).toBe('now');
    expect(replica.quarantined).toBe(1);
    expect(replica.quarantineReleaseMs).toBe(START_MS + MINUTE_MS);
    expect([...replica.writable(A).registers.values()].map(({ value }) => value)).toEqual(['now']);
    expect(replica.admissible(future).objects.size).toBe(0);
    expect(replica.clock.issue().time).toBeLessThan(timeFromMs(START_MS + MINUTE_MS));
    expect(isSilent(replica.releaseQuarantine().change)).toBe(true);
    at.ms += MINUTE_MS;
    expect(replica.releaseQuarantine().change.changed.get(A)).toEqual([NAME]);
    expect(nameOf(replica)).toBe('later');
    expect(replica.quarantined).toBe(0);
  });

  test('[Q2] of two patches that come together, the one ahead of time does not hide the other', () => {
    const { replica } = replicaAt();
    const ahead = said('later', START_MS + 11 * MINUTE_MS);
    const purge = patchOf({ purges: [[A, timeFromMs(START_MS + 11 * MINUTE_MS)]] });
    replica.receiveAll([ahead, said('now', START_MS), purge], 'matrix');
    expect(nameOf(replica)).toBe('now');
    expect(replica.quarantined).toBe(2);
  });

  test('[Q2] what leaves the quarantine says what it purges, also where nothing is left to show', () => {
    const { at, replica } = replicaAt();
    const time = timeFromMs(START_MS + 11 * MINUTE_MS);
    replica.receive(patchOf({ purges: [[A, time]] }), 'matrix');
    expect(replica.releaseQuarantine().purged.size).toBe(0);
    at.ms += MINUTE_MS;
    const { change, purged } = replica.releaseQuarantine();
    expect(isSilent(change)).toBe(true);
    expect([...purged]).toEqual([[A, time]]);
  });

  test('[Q2] a local patch from the future waits too, and is dirty only afterwards', () => {
    const { at, replica } = replicaAt();
    replica.write(said('imported', START_MS + 11 * MINUTE_MS), 'import');
    expect(replica.dirty().size).toBe(0);
    expect(replica.stage(A)).toBe('durable');
    at.ms += MINUTE_MS;
    replica.releaseQuarantine();
    expect(replica.stage(A)).toBe('local');
    expect(nameOf(replica)).toBe('imported');
  });
});

describe('pending edits', () => {
  test('[B2] show at once, win over older registers of the room and lose to newer ones', () => {
    const { at, replica } = replicaAt();
    expect(replica.write(edit(replica, 'mine'), 'local')).toMatchObject({ origin: 'local', added: [A] });
    expect(replica.stage(A)).toBe('local');
    expect(isSilent(replica.receive(said('older', START_MS - 1), 'matrix'))).toBe(true);
    expect(nameOf(replica)).toBe('mine');
    at.ms += 10;
    const change = replica.receive(said('newer', at.ms), 'matrix');
    expect([...change.changed]).toEqual([[A, [NAME]]]);
    expect(nameOf(replica)).toBe('newer');
    expect(replica.stage(A)).toBe('local');
  });

  test('[B2] stamps follow what was received, so that an edit wins over what its author saw', () => {
    const { replica } = replicaAt();
    replica.receive(said('fast clock', START_MS + MINUTE_MS / 2), 'matrix');
    replica.write(edit(replica, 'mine'), 'local');
    expect(nameOf(replica)).toBe('mine');
  });

  test('[B2] that the base dominates already are not kept', () => {
    const { replica } = replicaAt();
    replica.receive(said('newer', START_MS), 'matrix');
    expect(isSilent(replica.write(said('older', START_MS - 1), 'import'))).toBe(true);
    expect(replica.dirty().size).toBe(0);
  });

  test('[B3] stay until the room dominates them, whatever the base holds', () => {
    const { replica } = replicaAt();
    const mine = edit(replica, 'mine');
    replica.write(mine, 'local');
    const room = new RegisterStore();
    replica.receive(mine, 'matrix');
    expect(replica.settle(room)).toEqual([]);
    expect(replica.stage(A)).toBe('local');
    room.join(mine);
    const winner = mine.objects.get(A)?.registers.get(NAME);
    expect(replica.settle(room)).toEqual([
      { id: A, path: NAME, register: winner, outcome: 'durable', winner },
    ]);
    expect(replica.stage(A)).toBe('durable');
    expect(nameOf(replica)).toBe('mine');
  });

  test('[B3] stay where the room claims what the base does not hold', () => {
    const { replica } = replicaAt();
    replica.write(edit(replica, 'mine'), 'local');
    expect(replica.settle(everything)).toEqual([]);
    expect(nameOf(replica)).toBe('mine');
  });

  test('[B3] that lost a race settle with the winner', () => {
    const { at, replica } = replicaAt();
    replica.write(edit(replica, 'mine'), 'local');
    at.ms += 10;
    replica.receive(said('theirs', at.ms), 'matrix');
    expect(replica.settle(everything)).toEqual([
      expect.objectContaining({
        outcome: 'superseded',
        winner: expect.objectContaining({ value: 'theirs' }),
      }),
    ]);
  });

  test('[B3] of a tie settle as superseded for the smaller value', () => {
    const { replica } = replicaAt();
    const mine = said('a', START_MS, { actor: ME });
    replica.write(mine, 'local');
    replica.receive(said('b', START_MS, { actor: ME }), 'matrix');
    expect(replica.settle(everything).map(({ outcome }) => outcome)).toEqual(['superseded']);
  });

  test('[B4] that are refused fall back to the base', () => {
    const { replica } = replicaAt();
    replica.receive(said('base', START_MS - 5), 'matrix');
    replica.write(edit(replica, 'mine'), 'local');
    replica.write(edit(replica, 'other', NAME, B), 'local');
    const change = replica.refuse([A]);
    expect([...change.changed]).toEqual([[A, [NAME]]]);
    expect(nameOf(replica)).toBe('base');
    expect([...replica.dirty().keys()]).toEqual([B]);
    expect(replica.refuse([B]).removed).toEqual([B]);
    expect(replica.dirty().size).toBe(0);
  });

  test('[B4] made since the refused write stay', () => {
    const { replica } = replicaAt();
    replica.write(edit(replica, 'first'), 'local');
    replica.write(edit(replica, 'lamp', KIND), 'local');
    const written = replica.dirty();
    replica.write(edit(replica, 'second'), 'local');
    expect(replica.refuse(written).changed.get(A)).toEqual([KIND]);
    expect(nameOf(replica)).toBe('second');
    expect([...(replica.dirty().get(A)?.keys() ?? [])]).toEqual([NAME]);
  });

  test('[B4] that were beaten already are refused without a change of the scene', () => {
    const { at, replica } = replicaAt();
    replica.write(edit(replica, 'mine'), 'local');
    at.ms += 10;
    replica.receive(said('theirs', at.ms), 'matrix');
    expect(isSilent(replica.refuse([A]))).toBe(true);
  });

  test('[B3] that a purge takes before the room has them settle as purged, once', () => {
    const { at, replica } = replicaAt();
    const mine = edit(replica, 'mine');
    replica.write(mine, 'local');
    at.ms += 10;
    replica.receive(patchOf({ purges: [[A, timeFromMs(at.ms)]] }), 'matrix');
    const register = mine.objects.get(A)?.registers.get(NAME);
    expect(replica.settle(new RegisterStore())).toEqual([
      { id: A, path: NAME, register, outcome: 'purged', winner: null },
    ]);
    expect(replica.settle(everything)).toEqual([]);
  });

  test('[B5] go with a purge of the room, and are never written again', () => {
    const { at, replica } = replicaAt();
    const mine = edit(replica, 'mine');
    replica.write(mine, 'local');
    at.ms += 10;
    const change = replica.receive(patchOf({ purges: [[A, timeFromMs(at.ms)]] }), 'matrix');
    expect(change.removed).toEqual([A]);
    expect(replica.dirty().size).toBe(0);
    expect(isSilent(replica.write(mine, 'undo'))).toBe(true);
    expect(replica.writable(A).registers.size).toBe(0);
    at.ms += 10;
    replica.write(edit(replica, 'again'), 'local');
    expect(nameOf(replica)).toBe('again');
  });

  test('[B5] cannot purge: only the room can', () => {
    const { replica } = replicaAt();
    replica.receive(said('base', START_MS), 'matrix');
    expect(isSilent(replica.write(patchOf({ purges: [[A, timeFromMs(START_MS)]] }), 'import'))).toBe(true);
    expect(replica.purgeOf(A)).toBeNull();
  });

  test('[B6] what is written of an object is all that wins, and who wrote it', () => {
    const { replica } = replicaAt();
    const [ann, bob] = [parseUserId('@ann:a.org'), parseUserId('@bob:b.org')];
    replica.receive(join(said('base', START_MS - 5), patchOf({ actors: [[OTHER, [bob]]] })), 'matrix');
    replica.receive(said('lost', START_MS - 5, { path: KIND }), 'matrix');
    replica.write(join(edit(replica, 'lamp', KIND), patchOf({ actors: [[ME, [ann]]] })), 'local');
    const { registers, actors } = replica.writable(A);
    expect([...registers].map(([path, { value }]) => [path, value]).sort()).toEqual([
      [KIND, 'lamp'],
      [NAME, 'base'],
    ]);
    expect([...actors]).toEqual([
      [OTHER, new Set([bob])],
      [ME, new Set([ann])],
    ]);
    expect(replica.usersOf(ME)).toEqual(new Set([ann]));
    expect(replica.usersOf(actorNamed('@eve:e.org'))).toEqual(new Set(['@eve:e.org']));
    expect(replica.writable(B).registers.size).toBe(0);
  });
});

test('[S3] a purge that lies ahead does not take the clock along, a stamp does', () => {
  const { replica } = replicaAt();
  replica.receive(patchOf({ purges: [[A, timeFromMs(START_MS + 50_000)]] }), 'matrix');
  expect(msOf(replica.clock.issue().time)).toBe(START_MS);
  replica.receive(said('later', START_MS + 50_000, { id: B }), 'matrix');
  expect(msOf(replica.clock.issue().time)).toBe(START_MS + 50_000);
});

describe('a clock that was fast', () => {
  test('[S4] its edits are stamped anew, in their order, and then win as before', () => {
    const { at, replica } = replicaAt(START_MS + 60 * MINUTE_MS);
    replica.write(edit(replica, 'first'), 'local');
    const both = replica.clock.issue();
    for (const [path, value] of [
      [NAME, 'second'],
      [KIND, 'lamp'],
    ] as const)
      replica.write(patchOf({ registers: [{ id: A, path, register: { value, stamp: both } }] }), 'local');
    at.ms = START_MS;
    replica.restampAhead();
    const stamps = [...(replica.dirty().get(A)?.values() ?? [])].map(({ stamp }) => stamp);
    expect(stamps).toHaveLength(2);
    expect(stamps[0]).toEqual(stamps[1]);
    for (const { time } of stamps) expect(time).toBeLessThanOrEqual(replica.clock.limit);
    expect(nameOf(replica)).toBe('second');
    replica.write(edit(replica, 'third'), 'local');
    expect(nameOf(replica)).toBe('third');
    const settled = [...(replica.dirty().get(A) ?? [])].map(([path, register]) => ({
      id: A,
      path,
      register,
    }));
    replica.restampAhead();
    expect(
      [...(replica.dirty().get(A) ?? [])].map(([path, register]) => ({ id: A, path, register })),
    ).toEqual(settled);
  });

  test('[S4] an edit of what the room holds under a stamp that is ahead keeps its own, and wins', () => {
    const { at, replica } = replicaAt();
    at.ms = START_MS + 4 * MINUTE_MS;
    const durable = edit(replica, 'durable');
    replica.write(durable, 'local');
    replica.receive(durable, 'matrix');
    replica.settle(everything);
    at.ms += 1000;
    replica.write(edit(replica, 'mine'), 'local');
    at.ms = START_MS;
    expect(isSilent(replica.restampAhead())).toBe(true);
    expect(nameOf(replica)).toBe('mine');
    expect(replica.dirty().get(A)?.size).toBe(1);
  });

  test('[S4] edits of others and edits that are in time are left alone', () => {
    const { replica } = replicaAt();
    replica.write(edit(replica, 'mine'), 'local');
    replica.write(said('adopted', START_MS + 5 * MINUTE_MS, { path: KIND }), 'import');
    const before = entriesOfDirty(replica);
    expect(isSilent(replica.restampAhead())).toBe(true);
    const after = entriesOfDirty(replica);
    expect(after).toHaveLength(before.length);
    for (const [index, { register }] of after.entries()) {
      const old = before[index]?.register;
      expect(old !== undefined && compareRegisters(old, register) === 0).toBe(true);
    }
  });
});

function entriesOfDirty(replica: Replica): RegisterEntry[] {
  return [...replica.dirty()].flatMap(([id, registers]) =>
    [...registers].map(([path, register]) => ({ id, path, register })),
  );
}
