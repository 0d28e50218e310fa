import type { ObjectId, Patch, Time, UserId } from '@weft/core';
import { OBJECT_EVENT } from '../event-types.ts';
import type { RoomEvent } from '../room-event.ts';
import type { StateEntry } from './state-entries.ts';

/** The carriers of many objects, by this user, that still hold a register which was purged elsewhere. */
export function staleCarriers(
  entries: Iterable<readonly [string, StateEntry]>,
  user: UserId,
  purgeOf: (id: ObjectId) => Time | null,
): readonly RoomEvent[] {
  const stale: RoomEvent[] = [];
  for (const [, { event, decoded }] of entries) {
    if (event.sender !== user || event.type === OBJECT_EVENT || decoded === null) continue;
    if (holdsPurged(decoded.patch, purgeOf)) stale.push(event);
  }
  return stale;
}

function holdsPurged({ objects }: Patch, purgeOf: (id: ObjectId) => Time | null): boolean {
  for (const [id, { registers }] of objects) {
    const purge = purgeOf(id);
    if (purge === null) continue;
    for (const { stamp } of registers.values()) if (stamp.time <= purge) return true;
  }
  return false;
}
