import { type BlobPointer, type Patch, purgeNamed, redactionMs } from '@weft/core';
import { BUNDLE_EVENT, PERSONAL_EVENT } from '../event-types.ts';
import type { Redaction } from '../homeserver.ts';
import type { EventId } from '../ids.ts';
import { type RoomEvent, redactionTarget } from '../room-event.ts';
import { type DecodedCarrier, decodeCarrier, isCarrierType } from './decode-carrier.ts';

/** One piece of the room's current state. */
export interface StateEntry {
  readonly event: RoomEvent;
  /** What it says of objects; `null` for what is no carrier. */
  readonly decoded: DecodedCarrier | null;
}

/** Something that an event said, on its way into the replica. */
export interface Intake {
  readonly event: RoomEvent;
  readonly decoded: DecodedCarrier;
}

/** A step of the room's state that was worked out and not taken yet. */
export interface ModelStep {
  /** The entries are the whole state; what is not among them is gone. */
  readonly whole: boolean;
  readonly entries: ReadonlyMap<string, StateEntry>;
  /** What was read from events that were not held. */
  readonly fresh: readonly Intake[];
  /** State that does not follow from what is held: the room has to be read again. */
  readonly unexpected: readonly string[];
  /** All events of which the homeserver told in this step. */
  readonly told: readonly RoomEvent[];
}

/** What a blob was found to say; `undefined` where it was not fetched yet. */
export type BlobLookup = (pointer: BlobPointer) => Pick<DecodedCarrier, 'patch' | 'problems'> | undefined;

// A burst of writes to one key within one sync response; a longer chain counts as unexpected.
const MAX_CHAIN_EVENTS = 1000;
const KEY_SEPARATOR = '\0';
const REDACTION = 'm.room.redaction';

/** Carriers whose redaction purges what they named: their content was in the room's state itself. */
const PURGED_BY_NAME: ReadonlySet<string> = new Set([BUNDLE_EVENT, PERSONAL_EVENT]);

/**
 * The room's current state by type and state key, and how it moves on: by state that takes the place of what is held
 * (`replaces_state`); anything else is for `/state` to say, since a homeserver reports neither removals nor what a
 * state resolution took back.
 */
export class StateEntries {
  #entries: Map<string, StateEntry>;
  readonly #blobs: BlobLookup;

  constructor(blobs: BlobLookup, entries: ReadonlyMap<string, StateEntry> = new Map()) {
    this.#blobs = blobs;
    this.#entries = new Map(entries);
  }

  /** A copy to try steps on. */
  fork(): StateEntries {
    return new StateEntries(this.#blobs, this.#entries);
  }

  get(type: string, key = ''): StateEntry | undefined {
    return this.#entries.get(keyOf(type, key));
  }

  at(key: string): StateEntry | undefined {
    return this.#entries.get(key);
  }

  all(): IterableIterator<[string, StateEntry]> {
    return this.#entries.entries();
  }

  /** What follows when this is the whole state of the room. */
  read(events: readonly RoomEvent[]): ModelStep {
    const step = new StepInMaking(this, this.#blobs);
    for (const event of events)
      if (event.stateKey !== null) step.put(keyOf(event.type, event.stateKey), event);
    return step.done(true, events);
  }

  /** What follows from the state of one update. `timeline` explains how one state event came to replace another. */
  advance(
    state: readonly RoomEvent[],
    timeline: readonly RoomEvent[],
    redactions: readonly Redaction[],
  ): ModelStep {
    const step = new StepInMaking(this, this.#blobs);
    const explained = new Map([...timeline, ...state].map((event) => [event.id, event]));
    // One that comes before what replaces its event, in the very same update, counts as if it had come alone.
    this.#redact(
      redactions.filter(({ target }) => this.#isRedactedFirst(target, timeline)),
      step,
    );
    for (const event of state) {
      if (event.stateKey === null) continue;
      const key = keyOf(event.type, event.stateKey);
      const held = step.held(key)?.event;
      if (held?.id === event.id && held.redactedAtMs === event.redactedAtMs) continue;
      if (held !== undefined && held.id !== event.id && held.replaces === event.id) continue;
      if (held?.id === event.id || isLazy(event) || follows(event, held?.id ?? null, explained))
        step.put(key, event);
      else step.unexpected.push(`${event.type}/${event.stateKey}`);
    }
    this.#redact(redactions, step);
    return step.done(false, [...explained.values()]);
  }

  /** What follows when a blob can be looked up that could not before. */
  resolved(pointer: BlobPointer): ModelStep {
    const step = new StepInMaking(this, this.#blobs);
    for (const [key, { event, decoded }] of this.#entries)
      if (decoded?.blob?.sha256 === pointer.sha256) step.put(key, event);
    return step.done(false, []);
  }

  /** Takes a step. Never throws. */
  take({ whole, entries }: ModelStep): void {
    if (whole) this.#entries = new Map(entries);
    else for (const [key, entry] of entries) this.#entries.set(key, entry);
  }

  #isRedactedFirst(target: EventId, timeline: readonly RoomEvent[]): boolean {
    const at = timeline.findIndex((event) => event.type === REDACTION && redactionTarget(event) === target);
    const held = [...this.#entries.values()].find(({ event }) => event.id === target)?.event;
    const replaced = timeline.findIndex(
      ({ type, stateKey }) => type === held?.type && stateKey === held?.stateKey,
    );
    return at >= 0 && held !== undefined && at < replaced;
  }

  // A redaction counts while the event is the current one: what came after it was written in knowledge of it.
  #redact(redactions: readonly Redaction[], step: StepInMaking): void {
    if (redactions.length === 0) return;
    const targets = new Map(redactions.map(({ target, atMs }) => [target, atMs]));
    for (const key of new Set([...this.#entries.keys(), ...step.entries.keys()])) {
      const event = step.held(key)?.event;
      const redactedAtMs = event === undefined ? undefined : targets.get(event.id);
      if (event === undefined || redactedAtMs === undefined) continue;
      if (isCarrierType(event.type) && event.redactedAtMs === null)
        step.put(key, { ...event, content: {}, redactedAtMs });
    }
  }
}

/** Collects what one step changes, and what there is to join for it. */
class StepInMaking {
  readonly entries = new Map<string, StateEntry>();
  readonly unexpected: string[] = [];
  readonly #purges: Intake[] = [];
  readonly #before: StateEntries;
  readonly #blobs: BlobLookup;

  constructor(before: StateEntries, blobs: BlobLookup) {
    this.#before = before;
    this.#blobs = blobs;
  }

  held(key: string): StateEntry | undefined {
    return this.entries.get(key) ?? this.#before.at(key);
  }

  put(key: string, event: RoomEvent): void {
    const held = this.held(key);
    if (this.entries.has(key)) this.#keepPurge(held, event);
    const isSame = held?.event.id === event.id && held.event.redactedAtMs === event.redactedAtMs;
    const said = isSame ? held.decoded : decodeCarrier(event);
    const found = said?.blob == null ? undefined : this.#blobs(said.blob);
    const decoded = said === null || found === undefined ? said : together(said, found);
    this.entries.set(key, isSame && decoded === said ? held : { event, decoded });
    const named = held?.event.id === event.id ? held.decoded?.patch : undefined;
    if (event.redactedAtMs !== null && named !== undefined)
      this.#purge(event, redactionMs(event.redactedAtMs, event.atMs), named);
  }

  done(whole: boolean, told: readonly RoomEvent[]): ModelStep {
    const fresh = [...this.entries].flatMap(([key, { event, decoded }]) =>
      decoded === null || this.#before.at(key)?.decoded === decoded ? [] : { event, decoded },
    );
    const { entries, unexpected } = this;
    return { whole, entries, fresh: [...fresh, ...this.#purges], unexpected, told };
  }

  /** What was redacted and then replaced in one step purges all the same. */
  #keepPurge(held: StateEntry | undefined, by: RoomEvent): void {
    if (held?.decoded == null || held.event.redactedAtMs === null || held.event.id === by.id) return;
    this.#purges.push({ event: held.event, decoded: held.decoded });
  }

  // The purge is no part of the entry: the room's state does not tell it to those who come later.
  #purge(event: RoomEvent, atMs: number, named: Patch): void {
    if (!PURGED_BY_NAME.has(event.type) || named.objects.size === 0) return;
    const decoded = { patch: purgeNamed(named, atMs), problems: [], extra: {}, blob: null };
    this.#purges.push({ event, decoded });
  }
}

function together(said: DecodedCarrier, found: Pick<DecodedCarrier, 'patch' | 'problems'>): DecodedCarrier {
  return { ...said, patch: found.patch, problems: [...said.problems, ...found.problems], blob: null };
}

function keyOf(type: string, key: string): string {
  return `${type}${KEY_SEPARATOR}${key}`;
}

// Members are loaded lazily, so that one replaces what was never seen.
function isLazy(event: RoomEvent): boolean {
  return event.type === 'm.room.member';
}

function follows(
  event: RoomEvent,
  held: EventId | null,
  explained: ReadonlyMap<EventId, RoomEvent>,
): boolean {
  let replaced = event.replaces;
  for (let steps = 0; steps < MAX_CHAIN_EVENTS; steps += 1) {
    if (replaced === held) return true;
    const before = replaced === null ? undefined : explained.get(replaced);
    if (before === undefined) return false;
    replaced = before.replaces;
  }
  return false;
}
