import { emptyPatch, type Patch } from '@weft/core';
import { OBJECT_EVENT } from '../event-types.ts';
import { decode } from '../room/room-model.ts';
import type { RoomEvent } from '../room-event.ts';

/** Event types that carry registers. */
export const CARRIER_TYPES: readonly string[] = [OBJECT_EVENT];

/** What an event of the past says of objects. One that was redacted says nothing: its content is gone. */
export function readCarrier(event: RoomEvent): Patch {
  if (event.stateKey === null || event.redactedAtMs !== null || !CARRIER_TYPES.includes(event.type))
    return emptyPatch;
  return decode(event).patch;
}
