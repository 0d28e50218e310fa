import {
  entriesOf,
  type ObjectId,
  type ObjectPatch,
  type Patch,
  type PatchSource,
  patchOf,
  type SourcedPatch,
  type Time,
} from '@weft/core';
import type { RoomEvent } from '../room-event.ts';
import { joinAll } from './join-all.ts';

/** How long what an event said can still be taken back: younger events stay what they are. */
export const PAST_KEPT_MS = 24 * 60 * 60_000;

/** Younger events that stay what they are; more of them fold into the floor, the oldest first. */
export const MAX_PAST_EVENTS = 1000;

export interface FloorParts {
  readonly floor: Patch;
  readonly past: readonly RoomEvent[];
  /** What is left of what other events said. */
  readonly remains: readonly SourcedPatch[];
  readonly purged: ReadonlyMap<ObjectId, Time>;
  readonly retracted: ReadonlySet<string>;
  readonly nowMs: number;
  /** What an event says of objects; `null` for what says nothing. */
  readonly decode: (event: RoomEvent) => Patch | null;
}

/** What became of past events. */
export interface Folded {
  readonly floor: Patch;
  readonly past: readonly RoomEvent[];
  readonly remains: readonly SourcedPatch[];
}

/** One event's share of the past: the event itself while it says nothing that was purged, else what is left of it. */
interface Share {
  readonly source: PatchSource;
  readonly patch: Patch | null;
  readonly event: RoomEvent | null;
}

/**
 * Folds old events into the floor. Of what was purged nothing is left anywhere, and of what was retracted nothing that
 * was not folded yet: what is recent stays apart, so that it can be taken back.
 */
export function foldPast(parts: FloorParts): Folded {
  const { purged, retracted, nowMs } = parts;
  const shares = sharesOf(parts).filter(({ source }) => !retracted.has(source.event));
  const counted = shares.sort((a, b) => a.source.atMs - b.source.atMs);
  const oldest = counted.length - MAX_PAST_EVENTS;
  const folded = [parts.floor, patchOf({ purges: purged })];
  const past: RoomEvent[] = [];
  const remains: SourcedPatch[] = [];
  for (const [at, { source, patch, event }] of counted.entries()) {
    const isRecent = at >= oldest && source.atMs > nowMs - PAST_KEPT_MS;
    const left = patch === null ? null : withoutPurged(patch, purged);
    if (isRecent && event !== null && left === patch) past.push(event);
    else if (left === null || left.objects.size === 0) continue;
    else if (isRecent) remains.push({ source, patch: left });
    else folded.push(left);
  }
  return { floor: joinAll(folded), past, remains };
}

function sharesOf({ past, remains, decode }: FloorParts): Share[] {
  const events = past.map((event): Share => {
    const { id, sender, atMs, type } = event;
    return { source: { event: id, sender, atMs, carrier: type }, patch: decode(event), event };
  });
  return [...events, ...remains.map(({ source, patch }): Share => ({ source, patch, event: null }))];
}

/** The patch itself where it says nothing that was purged. */
function withoutPurged(patch: Patch, purged: ReadonlyMap<ObjectId, Time>): Patch {
  const { objects, actors } = patch;
  const isGone = (id: ObjectId, time: Time): boolean => time <= (purged.get(id) ?? Number.NEGATIVE_INFINITY);
  const saysPurged = [...purged.keys()].some((id) => {
    const said = objects.get(id);
    return said !== undefined && [...said.registers.values()].some(({ stamp }) => isGone(id, stamp.time));
  });
  if (!saysPurged) return patch;
  return patchOf({
    registers: [...entriesOf(patch)].filter(({ id, register }) => !isGone(id, register.stamp.time)),
    purges: purgesOf(objects),
    actors,
  });
}

function* purgesOf(objects: ReadonlyMap<ObjectId, ObjectPatch>): Generator<readonly [ObjectId, Time]> {
  for (const [id, { purge }] of objects) if (purge !== null) yield [id, purge];
}
