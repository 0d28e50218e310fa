import { sha256 } from '@noble/hashes/sha2.js';
import { toBase64Url } from '@weft/core';
import type { RoomEvent } from '../room-event.ts';

/**
 * One text for one state of a room as Weft reads it: equal for two clients that hold the same current events. Members
 * are left out, since homeservers tell of them lazily. 43 characters; costs the number of keys.
 */
export function stateDigest(events: Iterable<RoomEvent>): string {
  const lines: string[] = [];
  for (const { type, stateKey, id, redactedAtMs } of events) {
    if (type === 'm.room.member') continue;
    lines.push(JSON.stringify([type, stateKey, id, redactedAtMs !== null]));
  }
  return toBase64Url(sha256(new TextEncoder().encode(lines.sort().join('\n'))));
}
