import { forgetOldest } from '@weft/core';
import type { EventId } from '../ids.ts';
import { stringMember } from '../json.ts';
import type { RoomEvent } from '../room-event.ts';
import type { StickyEvent } from '../sticky-event.ts';

/** A sticky event that counts. */
export interface Stuck {
  readonly event: RoomEvent;
  /** Until when, by the local clock; milliseconds. */
  readonly endMs: number;
  /** By which it outranks others of its key: when it was sent plus how long it sticks. */
  readonly rankMs: number;
}

/** Sticky events that are kept; of more, the one that ends first makes room. */
export const MAX_STUCK_EVENTS = 4096;
/** Redactions that are remembered, since an event may be told again; the oldest are forgotten. */
const MAX_REDACTED_EVENTS = 4096;

/**
 * The sticky events of some types by sender, type and sticky key: the map of MSC4354. For each key the one that ends last
 * counts, then the greater event id, so that every client keeps the same.
 */
export class StickyStore {
  readonly #types: ReadonlySet<string>;
  readonly #stuck = new Map<string, Stuck>();
  readonly #redacted = new Set<EventId>();

  constructor(types: readonly string[]) {
    this.#types = new Set(types);
  }

  events(): readonly Stuck[] {
    return [...this.#stuck.values()];
  }

  /** By the local clock; infinite where nothing is kept. */
  firstEndMs(): number {
    return Math.min(...[...this.#stuck.values()].map(({ endMs }) => endMs));
  }

  /** Whether it changed anything. */
  take({ event, durationMs, leftMs }: StickyEvent, nowMs: number): boolean {
    if (!this.#types.has(event.type) || this.#redacted.has(event.id)) return false;
    const key = keyOf(event);
    const known = this.#stuck.get(key);
    const stuck: Stuck = { event, endMs: nowMs + leftMs, rankMs: event.atMs + durationMs };
    if (known !== undefined && !outranks(stuck, known)) return false;
    this.#stuck.set(key, event.redactedAtMs === null ? stuck : blank(stuck));
    if (this.#stuck.size > MAX_STUCK_EVENTS) this.#dropFirst();
    return true;
  }

  /** It says nothing any more, and what it replaced does not come back. Whether it changed anything. */
  redact(id: EventId): boolean {
    this.#redacted.add(id);
    forgetOldest(this.#redacted, MAX_REDACTED_EVENTS);
    for (const [key, stuck] of this.#stuck) {
      if (stuck.event.id !== id) continue;
      this.#stuck.set(key, blank(stuck));
      return true;
    }
    return false;
  }

  prune(nowMs: number): void {
    for (const [key, { endMs }] of this.#stuck) if (endMs <= nowMs) this.#stuck.delete(key);
  }

  #dropFirst(): void {
    const firstMs = this.firstEndMs();
    for (const [key, { endMs }] of this.#stuck) {
      if (endMs > firstMs) continue;
      this.#stuck.delete(key);
      return;
    }
  }
}

function keyOf({ sender, type, content, id }: RoomEvent): string {
  const key = stringMember(content, 'sticky_key') ?? stringMember(content, 'msc4354_sticky_key');
  // One without a key stands for itself.
  return JSON.stringify([sender, type, key === null ? { id } : key]);
}

function outranks(a: Stuck, b: Stuck): boolean {
  if (a.rankMs !== b.rankMs) return a.rankMs > b.rankMs;
  return a.event.id > b.event.id;
}

function blank(stuck: Stuck): Stuck {
  return { ...stuck, event: { ...stuck.event, content: {} } };
}
