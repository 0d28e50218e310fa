import { WeftError } from '@weft/core';
import { isRoomAlias, isRoomId, isServerName, type RoomAlias, type RoomId } from './ids.ts';

/** Where to find a room: its id or alias, and servers to join through. */
export interface RoomReference {
  readonly room: RoomId | RoomAlias;
  /** Needed with an id of room version 12 that the homeserver does not hold yet. */
  readonly via: readonly string[];
}

const MAX_REFERENCE_CHARACTERS = 2048;
const MAX_VIA_SERVERS = 10;
// A link to an event leads to its room.
const MATRIX_TO = /^https:\/\/matrix\.to\/#\/([^?/]+)(?:\/[^?/]+)?(?:\?(.*))?$/;
const MATRIX_URI = /^matrix:(r|roomid)\/([^/?]+)(?:\/e\/[^/?]+)?(?:\?(.*))?$/;

/**
 * Reads a room id, a room alias, a `matrix:` link or a matrix.to link.
 *
 * @throws WeftError `invalid-id`
 */
export function parseRoomReference(text: string): RoomReference {
  const found = text.length <= MAX_REFERENCE_CHARACTERS ? read(text.trim()) : null;
  if (found !== null) return found;
  throw new WeftError('invalid-id', {
    what: 'read the address of a world',
    expected: '!room id, #alias:server, or a matrix: link',
    got: JSON.stringify(text),
    hint: 'Copy the whole address; an alias names its server after a colon.',
  });
}

function read(text: string): RoomReference | null {
  if (isRoomId(text) || isRoomAlias(text)) return { room: text, via: [] };
  const uri = MATRIX_URI.exec(text);
  if (uri !== null) {
    const [, kind = '', id = '', query] = uri;
    return reference(`${kind === 'r' ? '#' : '!'}${decode(id)}`, query);
  }
  const link = MATRIX_TO.exec(text);
  return link === null ? null : reference(decode(link[1] ?? ''), link[2]);
}

function reference(room: string, query: string | undefined): RoomReference | null {
  if (!isRoomId(room) && !isRoomAlias(room)) return null;
  const via = new URLSearchParams(query ?? '').getAll('via').filter(isServerName);
  return { room, via: via.slice(0, MAX_VIA_SERVERS) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
