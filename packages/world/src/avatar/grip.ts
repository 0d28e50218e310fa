import { type ObjectId, ROOT, type SceneObject, type Timers, type UserId, WeftError } from '@weft/core';
import type { Channel, LanePerson, LeaseChange } from '@weft/live';
import type { PartPose } from '@weft/protocol';
import type { Edit } from '../edits.ts';
import { placeOf, transformUnder } from './place.ts';

/** How long a lease is kept while a relay takes in where its object was put down, in milliseconds. */
export const PUT_DOWN_MS = 2_000;
const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/** An object that this client held is held no more, though it did not let go. */
export interface LostGrip {
  readonly object: ObjectId;
  /** Who took it; `null` where the lease ended with the relay. */
  readonly by: UserId | null;
  /**
   * Whether it was put down where it was: nobody else has it, so the last edit of it stands. Else it went back to where
   * the world has it.
   */
  readonly putDown: boolean;
}

/** What this client does to the world while it carries something. */
export interface GripEdits {
  /** Puts it down there: one step of undo. @throws WeftError */
  put(object: ObjectId, transform: ReturnType<typeof transformUnder>): Edit<void>;
  /** Tries that out. @throws WeftError */
  check(object: ObjectId, transform: ReturnType<typeof transformUnder>): void;
}

export interface GripPorts {
  /** `null` where the world has no live lane. */
  readonly channel: Pick<
    Channel,
    'take' | 'release' | 'handOver' | 'holderOf' | 'motion' | 'status' | 'people'
  > | null;
  readonly timers: Timers;
  readonly get: (id: ObjectId) => SceneObject | undefined;
  /** Where an object is by the newest word: as others carry it, else as the world has it. */
  readonly shownPlace: (id: ObjectId) => PartPose | null;
  readonly edits: GripEdits;
  readonly lost: (lost: LostGrip) => void;
  /** Somebody gave this client an object. @returns whether it is to be held on to */
  readonly handed: (object: ObjectId) => boolean;
}

interface Hold {
  /** Where it is carried, as others see it; `null` so long as it was not moved. */
  place: PartPose | null;
  /** Resolves to whether it is this client's. */
  readonly asked: Promise<boolean>;
  isHad: boolean;
  /** It was let go, or is being given away: that it is lost is no news. */
  isEnding: boolean;
}

/** What this client carries: each under a lease of its relay, shown at once, put back where the relay says no. */
export class Grip {
  readonly #ports: GripPorts;
  readonly #holds = new Map<ObjectId, Hold>();

  constructor(ports: GripPorts) {
    this.#ports = ports;
  }

  /** What is carried, the latest last. */
  get objects(): readonly ObjectId[] {
    return [...this.#holds.keys()];
  }

  /** Where an own object is carried; `null` where it is not, or was not moved. */
  placeOf(object: ObjectId): PartPose | null {
    return this.#holds.get(object)?.place ?? null;
  }

  /** See `Me.grab`. */
  async grab(object: ObjectId, priority: number): Promise<void> {
    const { channel, get, edits } = this.#ports;
    const known = get(object);
    if (known === undefined) throw unknown(object);
    if (channel === null || channel.status.value.lane !== 'relay') throw noRelay(object);
    if (this.#holds.has(object)) return;
    edits.check(object, this.#under(known, placeOf(known)));
    const asked = channel.take(object, { priority }).then((lease) => lease !== null);
    const hold: Hold = { place: null, asked, isHad: false, isEnding: false };
    this.#holds.set(object, hold);
    const isHad = await asked;
    if (this.#holds.get(object) !== hold) return;
    hold.isHad = isHad;
    if (isHad) return;
    this.#drop(object);
    throw this.#refusal(object);
  }

  /** See `Me.carry`. */
  carry({ position, rotation }: PartPose, object = this.objects.at(-1)): boolean {
    const hold = object === undefined ? undefined : this.#holds.get(object);
    const motion = this.#ports.channel?.motion;
    if (object === undefined || hold === undefined || hold.isEnding || motion === undefined) return false;
    hold.place = motion.move(object, { body: { position, rotation } }).body;
    return true;
  }

  /** See `Me.release`. */
  async release(object = this.objects.at(-1)): Promise<Edit<void> | null> {
    const hold = object === undefined ? undefined : this.#holds.get(object);
    if (object === undefined || hold === undefined || hold.isEnding) return null;
    hold.isEnding = true;
    if (!(await hold.asked) || this.#holds.get(object) !== hold) return null;
    let edit: Edit<void> | null = null;
    try {
      edit = this.#put(object, hold);
      // The relay takes where it was put down from nobody else while the lease stands.
      if (edit !== null) await this.#taken(edit);
    } finally {
      if (this.#holds.get(object) === hold) {
        this.#drop(object);
        this.#ports.channel?.release(object);
      }
    }
    return edit;
  }

  /** See `Me.handOver`. */
  async handOver(object: ObjectId, to: LanePerson): Promise<void> {
    const { channel } = this.#ports;
    const hold = this.#holds.get(object);
    if (channel === null || hold === undefined || hold.isEnding || !(await hold.asked)) throw notHeld(object);
    hold.isEnding = true;
    const isGiven = await channel.handOver(object, to.session);
    hold.isEnding = false;
    if (!isGiven) throw notGiven(object, to.user);
    this.#drop(object);
  }

  /** A relay says who holds something. */
  leaseChanged({ object, holder, own, handed }: LeaseChange): void {
    const hold = this.#holds.get(object);
    if (own) {
      if (handed && hold === undefined) this.#accept(object);
      return;
    }
    if (hold === undefined || !hold.isHad || hold.isEnding) return;
    // Where nobody has it, there is no relay to ask, or its lease ended: it stays where it was put.
    const putDown = holder === null && this.#tryPut(object, hold);
    this.#drop(object);
    this.#ports.lost({ object, by: holder?.user ?? null, putDown });
  }

  /** Puts down all at once; nothing waits for a relay. */
  letGo(): void {
    for (const [object, hold] of [...this.#holds]) {
      if (hold.isHad && !hold.isEnding) this.#tryPut(object, hold);
      this.#drop(object);
      this.#ports.channel?.release(object);
    }
  }

  #accept(object: ObjectId): void {
    const place = this.#ports.shownPlace(object);
    this.#holds.set(object, { place, asked: Promise.resolve(true), isHad: true, isEnding: false });
    if (place !== null) this.carry(place, object);
    if (!this.#ports.handed(object)) void this.release(object).catch(() => undefined);
  }

  #drop(object: ObjectId): void {
    this.#holds.delete(object);
    this.#ports.channel?.motion.drop(object);
  }

  /** @returns `null` where there is nothing to put down: it was not moved, or is no more */
  #put(object: ObjectId, { place }: Hold): Edit<void> | null {
    const known = this.#ports.get(object);
    if (known === undefined || place === null) return null;
    return this.#ports.edits.put(object, this.#under(known, place));
  }

  #tryPut(object: ObjectId, hold: Hold): boolean {
    try {
      return this.#put(object, hold) !== null;
    } catch (error) {
      if (error instanceof WeftError) return false;
      throw error;
    }
  }

  async #taken(edit: Edit<void>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = this.#ports.timers.after(PUT_DOWN_MS, resolve);
    // Whoever refuses it tells of it by the world's own events.
    await Promise.race([edit.held.catch(() => undefined), promise]);
    stop();
  }

  #under(object: SceneObject, place: PartPose) {
    const parent = object.parent === ROOT ? undefined : this.#ports.get(object.parent);
    return transformUnder(parent?.worldMatrix ?? IDENTITY, place);
  }

  #refusal(object: ObjectId): WeftError {
    const { channel } = this.#ports;
    if (channel?.status.value.lane !== 'relay') return noRelay(object);
    const holder = channel.holderOf(object);
    return new WeftError('held', {
      what: `grab ${object}`,
      expected: 'an object that nobody holds',
      got:
        holder === null
          ? 'no lease from the relay, which gives so many and no more'
          : `one that ${holder.user} holds`,
      hint: 'Wait until it is let go, or ask for it.',
    });
  }
}

function unknown(object: ObjectId): WeftError {
  return new WeftError('unknown-object', {
    what: `grab ${object}`,
    expected: 'a visible object',
    got: 'none of that id',
    hint: 'It may have been deleted meanwhile.',
  });
}

function noRelay(object: ObjectId): WeftError {
  return new WeftError('no-relay', {
    what: `grab ${object}`,
    expected: 'a live relay, which gives an object to one at a time',
    got: 'the room alone',
    hint: 'Move it by an edit instead: of two who do, the later one stands.',
    by: 'operator',
  });
}

function notHeld(object: ObjectId): WeftError {
  return new WeftError('held', {
    what: `hand ${object} over`,
    expected: 'an object that this client holds',
    got: 'another one',
    hint: 'Grab it first.',
  });
}

function notGiven(object: ObjectId, user: UserId): WeftError {
  return new WeftError('held', {
    what: `hand ${object} over to ${user}`,
    expected: 'somebody on the same relay who may hold it',
    got: 'a refusal',
    hint: 'They may have left, or hold too much; it is still held here.',
  });
}
