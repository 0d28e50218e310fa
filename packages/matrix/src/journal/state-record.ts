import { sha256 } from '@noble/hashes/sha2.js';
import { toBase64Url } from '@weft/core';
import { parseRoomEvent, type RoomEvent } from '../room-event.ts';

const KEY_BYTES = 16;

/** The name of the record that holds the current state event of this type and key, whatever letters they are made of. */
export function stateRecordKey(type: string, stateKey: string): string {
  const hash = sha256(new TextEncoder().encode(`${type}\0${stateKey}`));
  return `state/${toBase64Url(hash.subarray(0, KEY_BYTES))}`;
}

/** An event as the client-server API has it, so that one parser reads both. */
export function eventJson(event: RoomEvent): object {
  return {
    event_id: event.id,
    type: event.type,
    sender: event.sender,
    ...(event.stateKey === null ? {} : { state_key: event.stateKey }),
    origin_server_ts: event.atMs,
    content: event.content,
    unsigned: {
      ...(event.replaces === null ? {} : { replaces_state: event.replaces }),
      ...(event.redactedAtMs === null ? {} : { redacted_because: { origin_server_ts: event.redactedAtMs } }),
    },
  };
}

export function encodeEvents(events: readonly RoomEvent[]): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(events.map(eventJson)));
}

/** `null` where it is no list of events. */
export function decodeEvents(bytes: Uint8Array): readonly RoomEvent[] | null {
  const list = parseJson(bytes);
  if (!Array.isArray(list)) return null;
  const events = list.flatMap((raw) => parseRoomEvent(raw) ?? []);
  return events.length === list.length ? events : null;
}

/** `undefined` where it is no JSON. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
