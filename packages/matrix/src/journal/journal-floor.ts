import { type ObjectId, type Patch, patchOf, type Time } from '@weft/core';
import type { RoomEvent } from '../room-event.ts';
import { joinAll } from './join-all.ts';

/** How long what an event said can still be taken back: younger events stay what they are. */
export const PAST_KEPT_MS = 24 * 60 * 60_000;

/** Younger events that stay what they are; more of them fold into the floor, the oldest first. */
export const MAX_PAST_EVENTS = 1000;

export interface FloorParts {
  readonly floor: Patch;
  readonly past: readonly RoomEvent[];
  readonly purged: ReadonlyMap<ObjectId, Time>;
  readonly retracted: ReadonlySet<string>;
  readonly nowMs: number;
  /** What an event says of objects; `null` for what says nothing. */
  readonly decode: (event: RoomEvent) => Patch | null;
}

/**
 * Folds old events into the floor. Of what was purged nothing is left in either, and of what was retracted nothing that
 * was not folded yet.
 */
export function foldPast(parts: FloorParts): { readonly floor: Patch; readonly past: readonly RoomEvent[] } {
  const { purged, retracted, nowMs, decode } = parts;
  const counted = parts.past.filter(({ id }) => !retracted.has(id)).sort((a, b) => a.atMs - b.atMs);
  const oldest = counted.length - MAX_PAST_EVENTS;
  const folded = [parts.floor, patchOf({ purges: purged })];
  const past: RoomEvent[] = [];
  for (const [at, event] of counted.entries()) {
    const said = decode(event);
    const isRecent = at >= oldest && event.atMs > nowMs - PAST_KEPT_MS;
    if (isRecent && (said === null || !speaksOf(said, purged))) past.push(event);
    else if (said !== null) folded.push(said);
  }
  return { floor: joinAll(folded), past };
}

function speaksOf({ objects }: Patch, purged: ReadonlyMap<ObjectId, Time>): boolean {
  for (const id of purged.keys()) if (objects.has(id)) return true;
  return false;
}
