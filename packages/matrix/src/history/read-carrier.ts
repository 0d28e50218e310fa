import { type BlobPointer, emptyPatch, type Patch } from '@weft/core';
import { BUNDLE_EVENT, LAYER_EVENT, OBJECT_EVENT, PERSONAL_EVENT } from '../event-types.ts';
import { decodeCarrier } from '../room/decode-carrier.ts';
import type { RoomEvent } from '../room-event.ts';

/** Event types that carry registers. */
export const CARRIER_TYPES: readonly string[] = [OBJECT_EVENT, BUNDLE_EVENT, PERSONAL_EVENT, LAYER_EVENT];

export interface PastCarrier {
  readonly patch: Patch;
  /** What has to be fetched to know all that it says; `null` where nothing has. */
  readonly blob: BlobPointer | null;
}

const NOTHING: PastCarrier = { patch: emptyPatch, blob: null };

/** What an event of the past says of objects. One that was redacted says nothing: its content is gone. */
export function readCarrier(event: RoomEvent): PastCarrier {
  return event.redactedAtMs === null ? (decodeCarrier(event) ?? NOTHING) : NOTHING;
}
