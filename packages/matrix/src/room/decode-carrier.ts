import {
  type BlobPointer,
  decodeBundle,
  decodeLayer,
  decodeObjectEvent,
  decodePersonal,
  type EventContent,
  type IntakeProblem,
  type Patch,
} from '@weft/core';
import { BUNDLE_EVENT, LAYER_EVENT, OBJECT_EVENT, PERSONAL_EVENT } from '../event-types.ts';
import type { RoomEvent } from '../room-event.ts';

/** What an event says of objects. */
export interface DecodedCarrier {
  readonly patch: Patch;
  readonly problems: readonly IntakeProblem[];
  /** Keys of `w` in an object event that are not ours. */
  readonly extra: EventContent;
  /** A blob that still has to be fetched to know what the event says; `null` where none has. */
  readonly blob: BlobPointer | null;
}

type Decode = (event: RoomEvent) => DecodedCarrier;

/** How the state events that carry registers are read: one row a type. */
const CARRIERS: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  [OBJECT_EVENT, (event) => ({ ...decodeObjectEvent(received(event)), blob: null })],
  [BUNDLE_EVENT, (event) => ({ ...decodeBundle(received(event)), extra: {} })],
  [PERSONAL_EVENT, (event) => ({ ...decodePersonal(received(event)), extra: {} })],
  [LAYER_EVENT, (event) => ({ ...decodeLayer(received(event)), extra: {} })],
]);

/** Whether events of this type carry registers. */
export function isCarrierType(type: string): boolean {
  return CARRIERS.has(type);
}

/** Reads a state event that carries registers; `null` for any other. Never throws. */
export function decodeCarrier(event: RoomEvent): DecodedCarrier | null {
  if (event.stateKey === null) return null;
  return CARRIERS.get(event.type)?.(event) ?? null;
}

function received(event: RoomEvent) {
  return {
    stateKey: event.stateKey,
    content: event.content,
    sender: event.sender,
    originServerTs: event.atMs,
    ...(event.redactedAtMs === null ? {} : { redactedAtMs: event.redactedAtMs }),
  };
}
