import { integerMember, member } from './json.ts';
import { parseRoomEvent, type RoomEvent } from './room-event.ts';

/** A message event that a room remembers for a while (MSC4354). */
export interface StickyEvent {
  readonly event: RoomEvent;
  /** For how long, from when it was sent; milliseconds, at most `MAX_STICKY_MS`. */
  readonly durationMs: number;
  /** For how long still from now on, when the homeserver told of it; milliseconds. */
  readonly leftMs: number;
}

/** What MSC4354 allows. */
export const MAX_STICKY_MS = 3_600_000;
/** The sticky events of one response that are read; Synapse sends 100, and more with the next. */
export const MAX_STICKY_EVENTS = 1000;

/** Reads an event of the client-server API; `null` where it is none, or does not stick any more. */
export function parseStickyEvent(raw: unknown): StickyEvent | null {
  const event = parseRoomEvent(raw);
  const sticky = member(raw, 'sticky') ?? member(raw, 'msc4354_sticky');
  const asked = integerMember(sticky, 'duration_ms');
  if (event === null || event.stateKey !== null || asked === null || asked <= 0) return null;
  const durationMs = Math.min(asked, MAX_STICKY_MS);
  const unsigned = member(raw, 'unsigned');
  const told =
    integerMember(unsigned, 'sticky_duration_remaining_ms') ??
    integerMember(unsigned, 'msc4354_sticky_duration_ttl_ms') ??
    durationMs - (event.ageMs ?? 0);
  // Whoever sent it may have dated it ahead.
  const leftMs = Math.min(told, durationMs);
  return leftMs <= 0 ? null : { event, durationMs, leftMs };
}

/** The sticky events of a response; what is none is left out, and each comes once. */
export function stickyEventsOf(events: readonly unknown[]): StickyEvent[] {
  const found = new Map<string, StickyEvent>();
  for (const raw of events) {
    const sticky = parseStickyEvent(raw);
    if (sticky !== null && found.size < MAX_STICKY_EVENTS) found.set(sticky.event.id, sticky);
  }
  return [...found.values()];
}
