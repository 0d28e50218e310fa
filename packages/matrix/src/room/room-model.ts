import {
  type DecodedObjectEvent,
  decodeObjectEvent,
  type EventContent,
  isObjectId,
  newest,
  type ObjectId,
  type ObjectPatch,
  type Path,
  type Register,
  type Time,
  type UserId,
} from '@weft/core';
import { OBJECT_EVENT } from '../event-types.ts';
import type { Redaction } from '../homeserver.ts';
import type { EventId } from '../ids.ts';
import type { RoomEvent } from '../room-event.ts';

/** One piece of the room's current state. */
export interface StateEntry {
  readonly event: RoomEvent;
  /** What it says of an object; `null` for what is no object event. */
  readonly decoded: DecodedObjectEvent | null;
}

/** A step of the model that was worked out and not taken yet. */
export interface ModelStep {
  /** The entries are the whole state; what is not among them is gone. */
  readonly whole: boolean;
  readonly entries: ReadonlyMap<string, StateEntry>;
  /** What was read from events that the model did not hold. */
  readonly fresh: readonly DecodedObjectEvent[];
  /** State that does not follow from what the model holds: the room has to be read again. */
  readonly unexpected: readonly string[];
}

// A burst of writes to one key within one sync response; a longer chain counts as unexpected.
const MAX_CHAIN_EVENTS = 1000;
const KEY_SEPARATOR = '\0';

/**
 * The room's current state as far as this client knows it, and the judge of what is durable. It moves on only by
 * state that takes the place of what it holds (`replaces_state`); anything else is for `/state` to say, since a
 * homeserver reports neither removals nor what a state resolution took back.
 */
export class RoomModel {
  #entries = new Map<string, StateEntry>();
  readonly #horizon: () => Time;

  /** @param horizon the latest stamp that counts now; what is stamped later dominates nothing */
  constructor(horizon: () => Time) {
    this.#horizon = horizon;
  }

  /** A copy to try steps on. */
  fork(): RoomModel {
    const copy = new RoomModel(this.#horizon);
    copy.#entries = new Map(this.#entries);
    return copy;
  }

  get(type: string, key = ''): RoomEvent | undefined {
    return this.#entries.get(keyOf(type, key))?.event;
  }

  /** The current events of a type. */
  *all(type: string): Generator<RoomEvent> {
    for (const { event } of this.#entries.values()) if (event.type === type) yield event;
  }

  /** Who wrote the event that holds the object, and the keys of `w` in it that are not ours. */
  object(id: ObjectId): { readonly sender: UserId; readonly extra: EventContent } | undefined {
    const entry = this.#entries.get(keyOf(OBJECT_EVENT, id));
    return entry === undefined
      ? undefined
      : { sender: entry.event.sender, extra: entry.decoded?.extra ?? {} };
  }

  /** The objects that this step gives another event, or takes theirs. */
  touchedBy({ whole, entries }: ModelStep): Set<ObjectId> {
    const touched = new Set<ObjectId>();
    for (const [key, { event }] of entries)
      if (this.#entries.get(key)?.event.id !== event.id) addObject(touched, event);
    if (whole) for (const [key, { event }] of this.#entries) if (!entries.has(key)) addObject(touched, event);
    return touched;
  }

  /** Whether the room holds this register or something newer in its place. */
  dominates(id: ObjectId, path: Path, register: Register): boolean {
    const said = this.#entries.get(keyOf(OBJECT_EVENT, id))?.decoded?.patch.objects.get(id);
    return said !== undefined && holds(said, path, register, this.#horizon());
  }

  /** Of these registers those that the room does not hold, nor anything newer in their place. */
  missing(id: ObjectId, registers: ReadonlyMap<Path, Register>): readonly (readonly [Path, Register])[] {
    const said = this.#entries.get(keyOf(OBJECT_EVENT, id))?.decoded?.patch.objects.get(id);
    if (said === undefined) return [...registers];
    const missing: (readonly [Path, Register])[] = [];
    const horizon = this.#horizon();
    for (const [path, register] of registers)
      if (!holds(said, path, register, horizon)) missing.push([path, register]);
    return missing;
  }

  /** What follows when this is the whole state of the room. */
  read(events: readonly RoomEvent[]): ModelStep {
    const entries = new Map<string, StateEntry>();
    for (const event of events)
      if (event.stateKey !== null) entries.set(keyOf(event.type, event.stateKey), this.#entryOf(event));
    return { whole: true, entries, fresh: this.#freshOf(entries), unexpected: [] };
  }

  /** What follows from the state of one update. `timeline` explains how one state event came to replace another. */
  advance(
    state: readonly RoomEvent[],
    timeline: readonly RoomEvent[],
    redactions: readonly Redaction[],
  ): ModelStep {
    const entries = new Map<string, StateEntry>();
    const unexpected: string[] = [];
    const explained = new Map([...timeline, ...state].map((event) => [event.id, event]));
    for (const event of state) {
      if (event.stateKey === null) continue;
      const key = keyOf(event.type, event.stateKey);
      const held = (entries.get(key) ?? this.#entries.get(key))?.event;
      if (held?.id === event.id && held.redactedAtMs === event.redactedAtMs) continue;
      if (held !== undefined && held.id !== event.id && held.replaces === event.id) continue;
      if (held?.id === event.id || isLazy(event) || follows(event, held?.id ?? null, explained))
        entries.set(key, this.#entryOf(event));
      else unexpected.push(`${event.type}/${event.stateKey}`);
    }
    this.#redact(redactions, entries);
    return { whole: false, entries, fresh: this.#freshOf(entries), unexpected };
  }

  /** Takes a step. Never throws. */
  take({ whole, entries }: ModelStep): void {
    if (whole) this.#entries = new Map(entries);
    else for (const [key, entry] of entries) this.#entries.set(key, entry);
  }

  // A redaction counts while the event is the current one: what came after it was written in knowledge of it.
  #redact(redactions: readonly Redaction[], entries: Map<string, StateEntry>): void {
    if (redactions.length === 0) return;
    const targets = new Map(redactions.map(({ target, atMs }) => [target, atMs]));
    for (const [key, held] of [...this.#entries, ...entries]) {
      const { event } = entries.get(key) ?? held;
      const redactedAtMs = targets.get(event.id);
      if (redactedAtMs === undefined || event.type !== OBJECT_EVENT || event.redactedAtMs !== null) continue;
      entries.set(key, this.#entryOf({ ...event, content: {}, redactedAtMs }));
    }
  }

  #freshOf(entries: ReadonlyMap<string, StateEntry>): DecodedObjectEvent[] {
    return [...entries].flatMap(([key, { decoded }]) =>
      decoded === null || this.#entries.get(key)?.decoded === decoded ? [] : decoded,
    );
  }

  #entryOf(event: RoomEvent): StateEntry {
    if (event.type !== OBJECT_EVENT) return { event, decoded: null };
    const held = this.#entries.get(keyOf(event.type, event.stateKey ?? ''));
    const isSame = held?.event.id === event.id && held.event.redactedAtMs === event.redactedAtMs;
    return isSame ? held : { event, decoded: decode(event) };
  }
}

/** Reads an object event; see `decodeObjectEvent`. */
export function decode(event: RoomEvent): DecodedObjectEvent {
  return decodeObjectEvent({
    stateKey: event.stateKey,
    content: event.content,
    sender: event.sender,
    originServerTs: event.atMs,
    ...(event.redactedAtMs === null ? {} : { redactedAtMs: event.redactedAtMs }),
  });
}

function addObject(ids: Set<ObjectId>, { type, stateKey }: RoomEvent): void {
  if (type === OBJECT_EVENT && isObjectId(stateKey)) ids.add(stateKey);
}

function holds({ registers, purge }: ObjectPatch, path: Path, register: Register, horizon: Time): boolean {
  if (purge !== null && purge <= horizon && register.stamp.time <= purge) return true;
  const held = registers.get(path);
  return held !== undefined && held.stamp.time <= horizon && newest(held, register) === held;
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
