import { propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BASE_TIME, plainPatch, shifted, USER_IDS } from '../../test/arbitraries.ts';
import { TREE_IDS, treePatch } from '../../test/history.ts';
import { expectChange, heldBy } from '../../test/replica-change.ts';
import { Oracle } from '../../test/replica-oracle.ts';
import { decodePatch } from '../binary/decode.ts';
import { encodePatch } from '../binary/encode.ts';
import { type ActorId, isActorId, newActorId, type ObjectId, parseObjectId, parsePath } from '../ids.ts';
import { join } from '../register/join.ts';
import { emptyPatch, entriesOf, type Patch, patchOf, type RegisterEntry } from '../register/patch.ts';
import { isEmptyChange } from '../scene/change-set.ts';
import { msOf, TICKS_PER_MS, timeFromMs } from '../stamp/stamp.ts';
import type { Value } from '../value/value.ts';
import { MAX_LIVE_ACTORS } from './live.ts';
import type { ObjectRegisters } from './refused.ts';
import { Replica } from './replica.ts';

const MINUTE_MS = 60_000;
const START_MS = msOf(BASE_TIME) + MINUTE_MS;
const [ME = expect.fail(), ANN = expect.fail(), BOB = expect.fail()] = [
  'actor-mine--',
  'actor-ann---',
  'actor-bob---',
].filter(isActorId);
const [USER = expect.fail()] = USER_IDS;
const [A = expect.fail(), B = expect.fail()] = TREE_IDS;
const NAME = parsePath('node.name');
const KIND = parsePath('node.kind');

function replicaAt(actor = ME) {
  const at = { ms: START_MS };
  return { at, replica: new Replica({ actor, now: () => at.ms }) };
}

function said(value: Value, ms: number, more: { actor?: ActorId; id?: ObjectId; path?: typeof NAME } = {}) {
  const { actor = ANN, id = A, path = NAME } = more;
  const register = { value, stamp: { time: timeFromMs(START_MS + ms), actor } };
  return patchOf({ registers: [{ id, path, register }], actors: [[actor, [USER]]] });
}

function edit(replica: Replica, value: Value, path = NAME): Patch {
  return patchOf({ registers: [{ id: A, path, register: { value, stamp: replica.clock.issue() } }] });
}

function registersOf(patch: Patch): ObjectRegisters {
  return new Map([...patch.objects].map(([id, { registers }]) => [id, registers]));
}

function by(actor: ActorId, patch: Patch): Patch {
  return patchOf({
    registers: [...entriesOf(patch)].map((entry) => ({
      ...entry,
      register: { ...entry.register, stamp: { ...entry.register.stamp, actor } },
    })),
  });
}

const numbered = (count: number) => Array.from({ length: count }, (_, at) => at);
const nameOf = (replica: Replica) => replica.scene.get(A)?.get(NAME);
const plainOf = (registers: Iterable<RegisterEntry>) => plainPatch(patchOf({ registers }));
const unclaimed = (patch: Patch) => plainOf(entriesOf(patch));
const everything = { dominates: () => true };

describe('what is heard on a lane', () => {
  const patch = fc
    .tuple(treePatch, fc.constantFrom(-30, 0, 0, 0, 8, 30), fc.constantFrom(null, null, ME))
    .map(([one, minutes, actor]) => {
      const said = shifted(one, minutes * MINUTE_MS);
      return actor === null ? said : by(actor, said);
    });
  const ids = fc.subarray([...TREE_IDS]);
  const step = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ kind: fc.constantFrom('hear', 'hear', 'receive', 'write'), patch }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constantFrom('retract', 'adopt', 'hold', 'settle', 'refuse'),
        ids,
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('room', 'wait', 'echo') }) },
  );

  test('[B7] shows as the reduction of base, pending and live after every step of any history, with exact changes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 16 }), (steps) => {
        const { at, replica } = replicaAt();
        const oracle = new Oracle();
        const horizon = () => (at.ms + 10 * MINUTE_MS) * TICKS_PER_MS;
        for (const action of steps) {
          const before = heldBy(replica);
          const shown = new Set(replica.scene.ids());
          const chosen = 'ids' in action ? action.ids : [];
          const say = 'patch' in action ? action.patch : emptyPatch;
          const change = (() => {
            switch (action.kind) {
              case 'hear':
                oracle.hear(say, ME, horizon());
                return replica.hear(say);
              case 'receive':
                oracle.take(say, false, horizon());
                return replica.receive(say, 'matrix');
              case 'write':
                oracle.take(say, true, horizon());
                return replica.write(say, 'local');
              case 'room': {
                const heard = patchOf({ registers: oracle.live });
                oracle.take(heard, false, horizon());
                const shows = replica.receive(heard, 'matrix');
                expect(isEmptyChange(shows)).toBe(true);
                return shows;
              }
              case 'echo': {
                const echo = replica.hear(by(ME, replica.pendingPatch()));
                expect(isEmptyChange(echo)).toBe(true);
                return echo;
              }
              case 'retract': {
                const gone = oracle.live.filter(({ id }) => chosen.includes(id));
                for (const entry of gone) oracle.retractLive(entry);
                return gone.map((entry) => replica.retractLive(registersOf(patchOf({ registers: [entry] }))));
              }
              case 'adopt': {
                const adopted = replica.adopt(registersOf(replica.livePatch()));
                const all = oracle.adopt(TREE_IDS);
                expect([...entriesOf(adopted)]).toHaveLength(all.length);
                return [];
              }
              case 'hold':
                replica.hold(replica.dirty());
                return [];
              case 'settle':
                oracle.drop(
                  (entry) =>
                    chosen.includes(entry.id) && replica.base.dominates(entry.id, entry.path, entry.register),
                );
                replica.settle({ dominates: (id) => chosen.includes(id) });
                return [];
              case 'refuse':
                oracle.drop(({ id }) => chosen.includes(id));
                return replica.refuse(chosen);
              default:
                at.ms += 10 * MINUTE_MS;
                oracle.release(horizon());
                return replica.releaseQuarantine().change;
            }
          })();
          if (!Array.isArray(change)) expectChange(replica, before, shown, change);
          for (const id of TREE_IDS)
            expect(Object.fromEntries(replica.registers(id) ?? [])).toEqual(
              Object.fromEntries(oracle.effective.objects.get(id)?.registers ?? []),
            );
          expect(unclaimed(replica.livePatch())).toEqual(plainOf(oracle.newestLive));
          expect(unclaimed(patchOf({ registers: entriesOfDirty(replica) }))).toEqual(
            plainOf(oracle.newestPending),
          );
        }
      }),
      propertySettings(400),
    );
  });

  test('[LA5] does among many registers what it does by itself', () => {
    const others = patchOf({
      registers: numbered(9).map((at) => ({
        id: parseObjectId(`other-${at}`),
        path: NAME,
        register: { value: at, stamp: { time: timeFromMs(START_MS), actor: BOB } },
      })),
    });
    const both = fc.record({ kind: fc.constantFrom('hear', 'hear', 'hear', 'receive', 'write'), patch });
    const back = fc.record({ kind: fc.constant('retract'), ids });
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 4, arbitrary: both }, back), { maxLength: 12 }), (steps) => {
        const [alone, among] = [replicaAt().replica, replicaAt().replica];
        among.hear(others);
        for (const action of steps) {
          const changes = [alone, among].map((replica) => {
            if ('ids' in action) {
              const live = [...registersOf(replica.livePatch())];
              return replica.retractLive(new Map(live.filter(([id]) => action.ids.includes(id))));
            }
            if (action.kind === 'receive') return replica.receive(action.patch, 'matrix');
            if (action.kind === 'write') return replica.write(action.patch, 'local');
            return replica.hear(replica === among ? join(action.patch, others) : action.patch);
          });
          const [one, other] = changes.map(({ added, removed, changed }) => [
            new Set(added),
            new Set(removed),
            new Map([...changed].map(([id, paths]) => [id, new Set(paths)])),
          ]);
          expect(other).toEqual(one);
          const [few, many] = [alone, among].map((replica) =>
            TREE_IDS.map((id) => [
              new Map(replica.registers(id) ?? []),
              new Map(replica.livePatch().objects.get(id)?.registers ?? []),
            ]),
          );
          expect(many).toEqual(few);
        }
        expect(among.heardAhead).toBe(alone.heardAhead);
      }),
      propertySettings(400),
    );
  });

  test('[B8] counts as durable nowhere, and is not written to the room', () => {
    fc.assert(
      fc.property(fc.array(patch, { maxLength: 6 }), fc.array(patch, { maxLength: 6 }), (heard, received) => {
        const [lane, room] = [replicaAt().replica, replicaAt().replica];
        for (const one of heard) lane.hear(one);
        for (const one of received) for (const each of [lane, room]) each.receive(one, 'matrix');
        for (const one of heard) lane.hear(one);
        expect(lane.setHash()).toBe(room.setHash());
        expect(plainPatch(lane.toPatch())).toEqual(plainPatch(room.toPatch()));
        expect(lane.dirty().size).toBe(0);
        expect(lane.settle(everything)).toEqual([]);
        for (const id of TREE_IDS) {
          expect(lane.writable(id)).toEqual(room.writable(id));
          const isHeard = lane.livePatch().objects.has(id);
          expect(lane.stage(id)).toBe(isHeard ? 'held' : 'durable');
        }
      }),
      propertySettings(200),
    );
  });

  test('[B9] leaves the base as soon as that dominates it, and a purge takes it', () => {
    const { replica } = replicaAt();
    replica.hear(said('heard', 5));
    replica.hear(said('lamp', 5, { path: KIND }));
    const own = said('own', 5, { actor: BOB, id: B });
    replica.hear(own);
    expect(isEmptyChange(replica.receive(own, 'matrix'))).toBe(true);
    expect([...replica.livePatch().objects.keys()]).toEqual([A]);
    expect(replica.receive(said('newer', 6), 'matrix').changed.get(A)).toEqual([NAME]);
    expect([...(replica.livePatch().objects.get(A)?.registers.keys() ?? [])]).toEqual([KIND]);
    const purge = patchOf({ purges: [[A, timeFromMs(START_MS + 7)]] });
    expect(replica.receive(purge, 'matrix').removed).toEqual([A]);
    expect(plainPatch(replica.livePatch())).toEqual(plainPatch(emptyPatch));
    expect(isEmptyChange(replica.hear(said('again', 5)))).toBe(true);
  });

  test('[B10] is the same in whatever order it was heard, what was taken back included', () => {
    const deliveries = fc
      .array(patch, { maxLength: 6 })
      .chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }), fc.nat()),
      );
    fc.assert(
      fc.property(deliveries, ([one, two, pick]) => {
        const [left, right] = [replicaAt(), replicaAt()];
        for (const each of one) left.replica.hear(each);
        for (const each of two) right.replica.hear(each);
        for (const { replica } of [right]) for (const each of one) replica.hear(each);
        const entries = [...entriesOf(left.replica.livePatch())];
        for (let rounds = 0; rounds < 3 && entries.length > 0; rounds++) {
          expect(unclaimed(left.replica.livePatch())).toEqual(unclaimed(right.replica.livePatch()));
          const winner = [...entriesOf(left.replica.livePatch())][pick % entries.length];
          if (winner === undefined) break;
          const gone = registersOf(patchOf({ registers: [winner] }));
          for (const { replica } of [left, right]) replica.retractLive(gone);
        }
      }),
      propertySettings(300),
    );
  });

  test('[B10] gives way, when it is taken back, to what another wrote before, and not to what its own author did', () => {
    const { replica } = replicaAt();
    replica.receive(said('base', 0), 'matrix');
    for (const one of [said('bob', 1, { actor: BOB }), said('first', 2), said('second', 3)])
      replica.hear(one);
    const change = replica.retractLive(registersOf(said('second', 3)));
    expect([change.origin, change.changed.get(A), nameOf(replica)]).toEqual(['live', [NAME], 'bob']);
    expect(isEmptyChange(replica.retractLive(registersOf(said('other', 1, { actor: BOB }))))).toBe(true);
    replica.retractLive(registersOf(said('bob', 1, { actor: BOB })));
    expect(nameOf(replica)).toBe('base');
  });

  test('[B10] falls back through what 8 actors wrote, and no further', () => {
    for (const actors of [MAX_LIVE_ACTORS, MAX_LIVE_ACTORS + 1]) {
      const { replica } = replicaAt();
      const names = Array.from({ length: actors }, (_, at) =>
        said(`n${at}`, at, { actor: newActorId((length) => new Uint8Array(length).fill(at)) }),
      );
      for (const one of names.toSorted(() => 1)) replica.hear(one);
      for (const one of names.slice(1).reverse()) replica.retractLive(registersOf(one));
      expect(nameOf(replica)).toBe(actors > MAX_LIVE_ACTORS ? undefined : 'n0');
    }
  });

  test('[B11] of this client itself changes nothing, be it pending, refused or stamped anew', () => {
    const { at, replica } = replicaAt();
    const mine = edit(replica, 'mine');
    replica.write(mine, 'local');
    expect(isEmptyChange(replica.hear(mine))).toBe(true);
    expect(replica.stage(A)).toBe('local');
    replica.refuse(replica.dirty());
    expect([isEmptyChange(replica.hear(mine)), replica.scene.has(A)]).toEqual([true, false]);
    at.ms += 5 * MINUTE_MS;
    const fast = edit(replica, 'fast');
    replica.write(fast, 'local');
    at.ms -= 5 * MINUTE_MS;
    replica.restampAhead();
    expect(isEmptyChange(replica.hear(fast))).toBe(true);
    expect([...(replica.dirty().get(A)?.values() ?? [])][0]?.stamp.time).toBeLessThan(
      timeFromMs(at.ms + 2 * MINUTE_MS),
    );
    expect(plainPatch(replica.livePatch())).toEqual(plainPatch(emptyPatch));
  });

  test('[B11] of an earlier run of this client is its own once that is known, whichever comes first', () => {
    for (const isHeardFirst of [true, false]) {
      const { replica } = replicaAt();
      const former = said('former', 1, { actor: BOB });
      if (isHeardFirst) replica.hear(former);
      replica.resume(former, [BOB]);
      if (!isHeardFirst) expect(isEmptyChange(replica.hear(former))).toBe(true);
      expect([nameOf(replica), replica.stage(A)]).toEqual(['former', 'local']);
      expect(replica.refuse(replica.dirty()).removed).toEqual([A]);
    }
  });

  test('[B7] loses to a newer edit of this client, and shows again when that is refused', () => {
    const { at, replica } = replicaAt();
    expect(replica.hear(said('heard', 50_000))).toMatchObject({ origin: 'live', added: [A] });
    at.ms += 10;
    expect(replica.write(edit(replica, 'mine'), 'local').changed.get(A)).toEqual([NAME]);
    expect(isEmptyChange(replica.hear(said('heard too', 50_000, { actor: BOB })))).toBe(true);
    expect(replica.refuse([A]).changed.get(A)).toEqual([NAME]);
    expect(nameOf(replica)).toBe('heard too');
  });

  test('[Q2] is dropped and counted where it is ahead of time, and does not come back with its time', () => {
    const { at, replica } = replicaAt();
    replica.hear(said('at the horizon', 10 * MINUTE_MS));
    expect([nameOf(replica), replica.heardAhead]).toEqual(['at the horizon', 0]);
    expect(isEmptyChange(replica.hear(said('later', 10 * MINUTE_MS + 1)))).toBe(true);
    expect([replica.heardAhead, replica.quarantined]).toEqual([1, 0]);
    at.ms += MINUTE_MS;
    replica.releaseQuarantine();
    expect(nameOf(replica)).toBe('at the horizon');
  });

  test('[B7] takes a whole world in as it is, and gives it to the base without a change', () => {
    const stamp = { time: timeFromMs(START_MS), actor: ANN };
    const world = patchOf({
      registers: Array.from({ length: 5000 }, (_, at) => at).flatMap((at) => [
        { id: parseObjectId(`o${at}`), path: NAME, register: { value: `Object ${at}`, stamp } },
        { id: parseObjectId(`o${at}`), path: KIND, register: { value: 'lamp', stamp } },
      ]),
    });
    const file = () => decodePatch(encodePatch(world)).patch;
    const { replica } = replicaAt();
    expect(replica.hear(file()).added).toHaveLength(5000);
    expect(isEmptyChange(replica.hear(file()))).toBe(true);
    expect(isEmptyChange(replica.receive(file(), 'matrix'))).toBe(true);
    expect(plainPatch(replica.livePatch())).toEqual(plainPatch(emptyPatch));
    expect(isEmptyChange(replica.hear(file()))).toBe(true);
    expect(replica.scene.size).toBe(5000);
  });
});

describe('what is adopted', () => {
  test('[B12] is dirty under its own stamp with its author, shows as before, and is never stamped anew', () => {
    const { at, replica } = replicaAt();
    at.ms += 5 * MINUTE_MS;
    const heard = said('heard', 5 * MINUTE_MS);
    replica.hear(heard);
    const adopted = replica.adopt(registersOf(heard));
    expect(plainPatch(patchOf({ registers: entriesOfDirty(replica) }))).toEqual(unclaimed(heard));
    expect(plainPatch(adopted)).toEqual(plainPatch(heard));
    expect([nameOf(replica), replica.stage(A)]).toEqual(['heard', 'local']);
    expect(replica.writable(A)).toMatchObject({ actors: new Map([[ANN, new Set([USER])]]) });
    expect(plainPatch(replica.pendingPatch())).toEqual(plainPatch(heard));
    at.ms -= 5 * MINUTE_MS;
    expect(isEmptyChange(replica.restampAhead())).toBe(true);
    const again = replicaAt(BOB).replica;
    again.resume(replica.pendingPatch(), [ME]);
    expect(plainPatch(again.pendingPatch())).toEqual(plainPatch(heard));
  });

  test('[B12] is what was heard last and nothing else, and not what is older than an own edit', () => {
    const { at, replica } = replicaAt();
    for (const one of [said('old', 1, { actor: BOB }), said('new', 2)]) replica.hear(one);
    expect(replica.adopt(registersOf(said('old', 1, { actor: BOB }))).objects.size).toBe(0);
    expect(replica.adopt(registersOf(said('other', 2))).objects.size).toBe(0);
    at.ms += 10;
    replica.write(edit(replica, 'mine'), 'local');
    expect(replica.adopt(registersOf(said('new', 2))).objects.size).toBe(0);
    expect(replica.dirty().size).toBe(1);
    expect(nameOf(replica)).toBe('mine');
  });

  test('[B12] that is refused is gone, and what it hid shows', () => {
    const { replica } = replicaAt();
    for (const one of [said('bob', 1, { actor: BOB }), said('ann', 2)]) replica.hear(one);
    replica.adopt(registersOf(said('ann', 2)));
    expect(replica.refuse(replica.dirty()).changed.get(A)).toEqual([NAME]);
    expect([nameOf(replica), replica.dirty().size]).toEqual(['bob', 0]);
  });
});

describe('what a relay holds', () => {
  test('[B13] is held once all of an object is, and local again with a newer edit or another relay', () => {
    const { at, replica } = replicaAt();
    const name = edit(replica, 'mine');
    const kind = edit(replica, 'lamp', KIND);
    for (const one of [name, kind]) replica.write(one, 'local');
    replica.hear(said('theirs', 1, { id: B }));
    replica.adopt(registersOf(replica.livePatch()));
    expect(replica.hold(registersOf(name))).toEqual([]);
    expect(replica.stage(A)).toBe('local');
    expect(unclaimed(replica.unheldPatch())).toEqual(unclaimed(kind));
    expect(replica.hold(registersOf(kind))).toEqual([A]);
    expect(replica.unheldPatch().objects.size).toBe(0);
    expect(replica.hold(registersOf(kind))).toEqual([]);
    expect(replica.stage(A)).toBe('held');
    expect(replica.forgetHeld()).toEqual([A]);
    expect(replica.forgetHeld()).toEqual([]);
    expect(replica.stage(A)).toBe('local');
    replica.hold(replica.dirty());
    at.ms += 10;
    const newer = edit(replica, 'newer');
    replica.write(newer, 'local');
    expect(replica.hold(registersOf(name))).toEqual([]);
    expect(replica.stage(A)).toBe('local');
    replica.hold(registersOf(newer));
    replica.receive(newer, 'matrix');
    replica.receive(kind, 'matrix');
    replica.settle(everything);
    expect(replica.stage(A)).toBe('durable');
    expect(replica.hold(registersOf(newer))).toEqual([]);
    expect(replica.stage(A)).toBe('durable');
  });

  test('[B13] still leaves pending when it is refused or taken by the room', () => {
    const { replica } = replicaAt();
    const mine = edit(replica, 'mine');
    replica.write(mine, 'local');
    replica.hold(registersOf(mine));
    replica.refuse(replica.dirty());
    expect([replica.scene.has(A), replica.stage(A)]).toEqual([false, 'durable']);
  });
});

function entriesOfDirty(replica: Replica): RegisterEntry[] {
  return [...replica.dirty()].flatMap(([id, registers]) =>
    [...registers].map(([path, register]) => ({ id, path, register })),
  );
}
