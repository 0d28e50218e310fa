import { propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BASE_TIME } from '../../test/arbitraries.ts';
import { type ActorId, isActorId, parseObjectId, parsePath } from '../ids.ts';
import { entriesOf, type Patch, patchOf } from '../register/patch.ts';
import { isSameRegister } from '../register/register.ts';
import { isEmptyChange } from '../scene/change-set.ts';
import { msOf, timeFromMs } from '../stamp/stamp.ts';
import type { Value } from '../value/value.ts';
import type { ObjectRegisters } from './refused.ts';
import { MAX_RELAYED } from './relayed.ts';
import { Replica } from './replica.ts';

const START_MS = msOf(BASE_TIME) + 60_000;
const [ME = expect.fail(), ANN = expect.fail(), RELAY = expect.fail()] = [
  'actor-mine--',
  'actor-ann---',
  'actor-relay-',
].filter(isActorId);
const CHAIR = parseObjectId('chair');
const NAME = parsePath('node.name');

const everything = { dominates: () => true };

function replicaAt(actor: ActorId = ME) {
  const at = { ms: START_MS };
  return { at, replica: new Replica({ actor, now: () => at.ms }) };
}

function named(value: Value, stamp: { time: ReturnType<typeof timeFromMs>; actor: ActorId }): Patch {
  return patchOf({ registers: [{ id: CHAIR, path: NAME, register: { value, stamp } }] });
}

function registersOf(patch: Patch): ObjectRegisters {
  return new Map([...patch.objects].map(([id, { registers }]) => [id, registers]));
}

/** An edit that goes to a relay, and shows. */
function send(replica: Replica, value: Value): Patch {
  const patch = named(value, replica.clock.issue());
  replica.sent(registersOf(patch));
  replica.write(patch, 'local');
  return patch;
}

const nameOf = (replica: Replica) => replica.scene.get(CHAIR)?.get(NAME);
const hold = (replica: Replica, patch: Patch) => replica.hold(registersOf(patch));
const refuse = (replica: Replica, patch: Patch) => replica.refuse(registersOf(patch), 'relay');

describe('an edit that a relay may have', () => {
  test('[LA1] shows again when a relay refuses later ones, in whatever order; it is pending, and held where the relay said so', () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ])
      for (const isHeld of [true, false]) {
        const { replica } = replicaAt();
        const first = send(replica, 'first');
        if (isHeld) hold(replica, first);
        const later = [send(replica, 'second'), send(replica, 'third')];
        const changes = order.map((at) => refuse(replica, later[at] ?? expect.fail()));
        expect(changes.map((change) => change.changed.get(CHAIR))).toEqual(
          order[0] === 0 ? [undefined, [NAME]] : [[NAME], [NAME]],
        );
        const stage = isHeld ? 'held' : 'local';
        expect([nameOf(replica), replica.stage(CHAIR), replica.dirty().size]).toEqual(['first', stage, 1]);
        expect([...entriesOf(replica.unheldPatch())]).toEqual(isHeld ? [] : [...entriesOf(first)]);
        expect(hold(replica, first)).toEqual(isHeld ? [] : [CHAIR]);
        expect(refuse(replica, first).removed).toEqual([CHAIR]);
      }
  });

  test('[LA1] shows again when the room refuses a later one, and is not held until a relay says so once more', () => {
    const { replica } = replicaAt();
    const [first, second] = [send(replica, 'first'), send(replica, 'second')];
    hold(replica, first);
    expect(replica.refuse(registersOf(second)).changed.get(CHAIR)).toEqual([NAME]);
    expect([nameOf(replica), replica.stage(CHAIR)]).toEqual(['first', 'local']);
    hold(replica, first);
    hold(replica, second);
    // The relay had taken it before it heard of the refusal.
    expect(replica.stage(CHAIR)).toBe('local');
  });

  test('[LA1] is gone with the answer that a later one is kept, or that it is refused itself', () => {
    const { replica } = replicaAt();
    const [first, second, third] = [send(replica, 'first'), send(replica, 'second'), send(replica, 'third')];
    hold(replica, first);
    hold(replica, second);
    refuse(replica, second);
    expect(refuse(replica, third).removed).toEqual([CHAIR]);
    const [fourth, fifth] = [send(replica, 'fourth'), send(replica, 'fifth')];
    refuse(replica, fourth);
    expect(refuse(replica, fifth).removed).toEqual([CHAIR]);
  });

  test('[LA1] is gone where the relay takes it back, or its object is purged or refused whole', () => {
    const takes: ((replica: Replica, first: Patch) => void)[] = [
      (replica, first) => replica.retractLive(registersOf(first)),
      (replica) => replica.receive(patchOf({ purges: [[CHAIR, replica.clock.issue().time]] }), 'matrix'),
      (replica) => replica.refuse([CHAIR]),
    ];
    for (const take of takes) {
      const { at, replica } = replicaAt();
      const first = send(replica, 'first');
      hold(replica, first);
      send(replica, 'second');
      take(replica, first);
      at.ms += 10;
      refuse(replica, send(replica, 'third'));
      refuse(replica, [...entriesOf(replica.pendingPatch())].length > 0 ? replica.pendingPatch() : first);
      expect(replica.scene.has(CHAIR)).toBe(false);
    }
  });

  test('[LA1] that the room has under a later one is told to be durable, and is not written again', () => {
    const { replica } = replicaAt();
    const first = send(replica, 'first');
    hold(replica, first);
    const second = send(replica, 'second');
    replica.receive(first, 'matrix');
    expect(replica.settle({ dominates: (_id, _path, { value }) => value === 'first' })).toMatchObject([
      { outcome: 'durable', register: { value: 'first' } },
    ]);
    refuse(replica, second);
    expect([nameOf(replica), replica.dirty().size, replica.stage(CHAIR)]).toEqual(['first', 0, 'durable']);
  });

  test('[LA1] that somebody else replaced meanwhile comes up under that, and is told when the room has decided', () => {
    const { at, replica } = replicaAt();
    const first = send(replica, 'first');
    hold(replica, first);
    at.ms += 10;
    const theirs = named('theirs', { time: timeFromMs(at.ms), actor: ANN });
    replica.hear(theirs);
    const second = send(replica, 'second');
    expect(nameOf(replica)).toBe('second');
    refuse(replica, second);
    expect([nameOf(replica), replica.dirty().size]).toEqual(['theirs', 1]);
    replica.retractLive(registersOf(theirs));
    expect(nameOf(replica)).toBe('first');
    replica.receive(theirs, 'matrix');
    expect(replica.settle(everything)).toMatchObject([
      { outcome: 'superseded', register: { value: 'first' } },
    ]);
  });

  test('[LA1] of others, too, where this replica had adopted it, and the room refuses what came over it', () => {
    const { at, replica } = replicaAt(RELAY);
    const said = (value: Value, actor: ActorId) => {
      at.ms += 10;
      const patch = named(value, { time: timeFromMs(at.ms), actor });
      replica.hear(patch);
      replica.adopt(registersOf(patch));
      return patch;
    };
    said('of Ann', ANN);
    expect(isEmptyChange(refuse(replica, said('of me', ME)))).toBe(false);
    expect([nameOf(replica), replica.dirty().size]).toEqual(['of Ann', 1]);
    said('of Ann later', ANN);
    expect(refuse(replica, replica.pendingPatch()).removed).toEqual([CHAIR]);
  });

  test(`[LA1] is remembered beside ${MAX_RELAYED - 1} later ones, and beside more before the others are`, () => {
    for (const count of [MAX_RELAYED, MAX_RELAYED + 1]) {
      const { replica } = replicaAt();
      const all = Array.from({ length: count }, (_, at) => send(replica, at));
      hold(replica, all[0] ?? expect.fail());
      const shown = all.slice(1).map((_, at) => {
        refuse(replica, all[count - 1 - at] ?? expect.fail());
        return nameOf(replica);
      });
      expect([shown.at(-1), shown.includes(1)]).toEqual([0, count === MAX_RELAYED]);
    }
  });

  test('[LA1] is what its author shows as the relay does, whatever is refused, lost on the way, taken back or replaced', () => {
    const step = fc.constantFrom(
      ...(['edit', 'edit', 'edit', 'take', 'take', 'refuse', 'refuse'] as const),
      ...(['keep', 'answer', 'answer', 'cut', 'other', 'room refuses', 'room takes'] as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const lane = new OneLane();
        for (const each of steps) lane.play(each);
        lane.settle();
        expect(nameOf(lane.mine)).toEqual(nameOf(lane.relay));
        expect(lane.mine.unheldPatch().objects.size).toBe(0);
      }),
      propertySettings(500),
    );
  });
});

type Step = 'edit' | 'take' | 'refuse' | 'keep' | 'answer' | 'cut' | 'other' | 'room refuses' | 'room takes';

/** A client and a relay, with what is on its way between them. */
class OneLane {
  readonly #at = { ms: START_MS };
  readonly mine = new Replica({ actor: ME, now: () => this.#at.ms });
  readonly relay = new Replica({ actor: RELAY, now: () => this.#at.ms });
  #up: { readonly kind: 'patch' | 'retract'; readonly patch: Patch }[] = [];
  #unkept: Patch[] = [];
  #down: { readonly kind: 'ack' | 'reject'; readonly patch: Patch }[] = [];
  #values = 0;

  play(step: Step): void {
    this.#at.ms += 5;
    switch (step) {
      case 'edit':
        this.#values += 1;
        this.#up.push({ kind: 'patch', patch: send(this.mine, this.#values) });
        return;
      case 'take':
      case 'refuse':
        this.#receive(step);
        return;
      case 'keep':
        this.#down.push(...this.#unkept.splice(0).map((patch) => ({ kind: 'ack' as const, patch })));
        return;
      case 'answer':
        this.#answer();
        return;
      case 'cut':
        // What was to be taken back is said again on the next socket, before anything else.
        this.#up = this.#up.filter(({ kind }) => kind === 'retract');
        [this.#unkept, this.#down] = [[], []];
        this.#sendAgain();
        return;
      case 'other': {
        const theirs = named(-this.#at.ms, { time: timeFromMs(this.#at.ms), actor: ANN });
        for (const replica of [this.relay, this.mine]) replica.hear(theirs);
        return;
      }
      case 'room refuses': {
        const patch = patchOf({ registers: entriesOf(this.mine.pendingPatch()) });
        this.mine.refuse(registersOf(patch));
        if (patch.objects.size > 0) this.#up.push({ kind: 'retract', patch });
        this.#sendAgain();
        return;
      }
      case 'room takes': {
        const patch = patchOf({ registers: entriesOf(this.mine.pendingPatch()) });
        for (const replica of [this.relay, this.mine]) {
          replica.receive(patch, 'matrix');
          replica.settle(everything);
        }
      }
    }
  }

  /** Everything arrives, and the relay takes it. */
  settle(): void {
    do {
      for (const step of ['take', 'keep', 'answer'] as const) this.play(step);
    } while (this.#up.length + this.#unkept.length + this.#down.length > 0);
  }

  #receive(verdict: 'take' | 'refuse'): void {
    const next = this.#up.shift();
    if (next === undefined) return;
    const { kind, patch } = next;
    if (kind === 'retract') this.relay.retractLive(registersOf(patch));
    else if (verdict === 'refuse' && !this.#isKnown(patch)) this.#down.push({ kind: 'reject', patch });
    else {
      this.relay.hear(patch);
      this.#unkept.push(patch);
    }
  }

  #isKnown(patch: Patch): boolean {
    const said = patch.objects.get(CHAIR)?.registers.get(NAME);
    return said !== undefined && isSameRegister(this.relay.registers(CHAIR)?.get(NAME), said);
  }

  #answer(): void {
    const next = this.#down.shift();
    if (next === undefined) return;
    if (next.kind === 'ack') hold(this.mine, next.patch);
    else {
      if (!this.#isUnderWay(next.patch)) refuse(this.mine, next.patch);
      this.#sendAgain();
    }
  }

  /** As an outbox does it: what is not held, and not what was sent last and is still to be answered. */
  #sendAgain(): void {
    const patch = patchOf({ registers: entriesOf(this.mine.unheldPatch()) });
    if (patch.objects.size === 0 || this.#isUnderWay(patch)) return;
    this.mine.sent(registersOf(patch));
    this.#up.push({ kind: 'patch', patch });
  }

  #isUnderWay(patch: Patch): boolean {
    const acked = this.#unkept.map((each) => ({ kind: 'ack', patch: each }));
    const last = [...this.#down, ...acked, ...this.#up].findLast(({ kind }) => kind !== 'retract');
    const [one, other] = [patch, last?.patch].map((each) => each?.objects.get(CHAIR)?.registers.get(NAME));
    return one !== undefined && isSameRegister(other, one);
  }
}
