import type { BlobPointer, EventContent, ObjectId, Patch, Path, Register, Time, UserId } from '@weft/core';
import { OBJECT_EVENT } from '../event-types.ts';
import type { Redaction } from '../homeserver.ts';
import type { RoomEvent } from '../room-event.ts';
import { CarrierIndex, differingObjects, holds } from './carrier-index.ts';
import { PolicyHistory } from './policy-history.ts';
import { stateDigest } from './state-digest.ts';
import { type BlobLookup, type ModelStep, StateEntries, type StateEntry } from './state-entries.ts';

const WEFT_PREFIX = 'world.weft.';
const NO_BLOBS: BlobLookup = () => undefined;

/**
 * The room's current state as far as this client knows it, and the judge of what is durable: what any of the current
 * carriers holds.
 */
export class RoomModel {
  readonly #entries: StateEntries;
  readonly #index = new CarrierIndex();
  readonly #policy = new PolicyHistory();
  /** Carriers whose blob was not fetched yet, by key. */
  readonly #unread = new Map<string, StateEntry>();
  readonly #horizon: () => Time;
  #weftKeys = 0;

  /**
   * @param horizon the latest stamp that counts now; what is stamped later dominates nothing
   * @param blobs what was fetched so far
   */
  constructor(horizon: () => Time, blobs: BlobLookup = NO_BLOBS) {
    this.#horizon = horizon;
    this.#entries = new StateEntries(blobs);
  }

  /** What was seen of who may do what. */
  get policy(): PolicyHistory {
    return this.#policy;
  }

  /** A copy of the state to try steps on. */
  fork(): StateEntries {
    return this.#entries.fork();
  }

  get(type: string, key = ''): RoomEvent | undefined {
    return this.#entries.get(type, key)?.event;
  }

  /** An event with what it says of objects. */
  entry(type: string, key: string): StateEntry | undefined {
    return this.#entries.get(type, key);
  }

  /** State events of Weft types: what everybody who enters has to read. */
  get weftKeys(): number {
    return this.#weftKeys;
  }

  /** What the current carriers say. */
  *patches(): Generator<Patch> {
    for (const [, { decoded }] of this.#entries.all()) if (decoded !== null) yield decoded.patch;
  }

  /** The current events of a type. */
  *all(type: string): Generator<RoomEvent> {
    for (const [, { event }] of this.#entries.all()) if (event.type === type) yield event;
  }

  events(): readonly RoomEvent[] {
    return [...this.#entries.all()].map(([, { event }]) => event);
  }

  /** The current state by its keys, which steps use too. */
  entries(): IterableIterator<[string, StateEntry]> {
    return this.#entries.all();
  }

  at(key: string): StateEntry | undefined {
    return this.#entries.at(key);
  }

  /** The carriers of which is not known what they say, since their blob was not fetched. */
  get unread(): readonly StateEntry[] {
    return [...this.#unread.values()];
  }

  /** Who wrote the event of the object itself, and the keys of `w` in it that are not ours. */
  object(id: ObjectId): { readonly sender: UserId; readonly extra: EventContent } | undefined {
    const entry = this.#entries.get(OBJECT_EVENT, id);
    return entry === undefined
      ? undefined
      : { sender: entry.event.sender, extra: entry.decoded?.extra ?? {} };
  }

  /** The objects of which this step makes the room say something else, and who wrote that; `null` where it is gone. */
  touchedBy({ whole, entries }: ModelStep): Map<ObjectId, UserId | null> {
    const touched = new Map<ObjectId, UserId | null>();
    for (const [key, { event, decoded }] of entries)
      for (const id of differingObjects(this.#entries.at(key)?.decoded?.patch, decoded?.patch))
        touched.set(id, event.sender);
    if (!whole) return touched;
    for (const [key, { decoded }] of this.#entries.all())
      if (!entries.has(key))
        for (const id of decoded?.patch.objects.keys() ?? []) if (!touched.has(id)) touched.set(id, null);
    return touched;
  }

  /** `stateDigest` of the current state. */
  digest(): string {
    return stateDigest(this.events());
  }

  /** Whether the room holds this register or something newer in its place. */
  dominates(id: ObjectId, path: Path, register: Register): boolean {
    return this.#index.dominates(id, path, register, this.#horizon());
  }

  /** The same, of such carriers alone. */
  isHeldBy(id: ObjectId, path: Path, register: Register, isWanted: (entry: StateEntry) => boolean): boolean {
    return this.#index.dominates(id, path, register, this.#horizon(), isWanted);
  }

  /** Whether this one carrier holds all these registers, or something newer in their place. */
  isAllIn({ decoded }: StateEntry, id: ObjectId, registers: ReadonlyMap<Path, Register>): boolean {
    const said = decoded?.patch.objects.get(id);
    if (said === undefined) return registers.size === 0;
    const horizon = this.#horizon();
    for (const [path, register] of registers) if (!holds(said, path, register, horizon)) return false;
    return true;
  }

  /** Of these registers those that the room does not hold, nor anything newer in their place. */
  missing(id: ObjectId, registers: ReadonlyMap<Path, Register>): readonly (readonly [Path, Register])[] {
    const horizon = this.#horizon();
    return [...registers].filter(([path, register]) => !this.#index.dominates(id, path, register, horizon));
  }

  /** Until when the room's state says that the object was purged; `null` where it does not. */
  purgeOf(id: ObjectId): Time | null {
    return this.#index.purgeOf(id, this.#horizon());
  }

  /** The current carriers that speak of an object. */
  carriersOf(id: ObjectId): readonly RoomEvent[] {
    return this.#index.of(id).map(({ event }) => event);
  }

  /** What follows when this is the whole state of the room. */
  read(events: readonly RoomEvent[]): ModelStep {
    return this.#entries.read(events);
  }

  /** What follows from the state of one update. `timeline` explains how one state event came to replace another. */
  advance(
    state: readonly RoomEvent[],
    timeline: readonly RoomEvent[],
    redactions: readonly Redaction[],
  ): ModelStep {
    return this.#entries.advance(state, timeline, redactions);
  }

  /** What follows when a blob was fetched. */
  resolved(pointer: BlobPointer): ModelStep {
    return this.#entries.resolved(pointer);
  }

  /** Takes a step. Never throws. Costs what the step changes, and the number of keys where it is the whole state. */
  take(step: ModelStep): void {
    if (step.whole)
      for (const [key, entry] of this.#entries.all())
        if (!step.entries.has(key)) this.#note(key, entry, undefined);
    for (const [key, entry] of step.entries) this.#note(key, this.#entries.at(key), entry);
    this.#entries.take(step);
    this.#policy.note(step.told);
  }

  #note(key: string, before: StateEntry | undefined, after: StateEntry | undefined): void {
    this.#index.replace(before, after);
    this.#weftKeys += countOf(after) - countOf(before);
    if (after?.decoded?.blob == null) this.#unread.delete(key);
    else this.#unread.set(key, after);
  }
}

function countOf(entry: StateEntry | undefined): number {
  return entry?.event.type.startsWith(WEFT_PREFIX) === true ? 1 : 0;
}
