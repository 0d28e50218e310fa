import { type Branded, WeftError } from '@weft/core';

/** A Matrix room: `!` and 43 base64url characters (room version 12), or `!local:server` (before). */
export type RoomId = Branded<string, 'RoomId'>;
/** A Matrix event: `$` and 43 base64url characters, or `$local:server` in room versions 1 and 2. */
export type EventId = Branded<string, 'EventId'>;
/** A room's published name: `#local:server`. */
export type RoomAlias = Branded<string, 'RoomAlias'>;
/** A file of the media repository: `mxc://server/media`. */
export type MxcUri = Branded<string, 'MxcUri'>;

const SERVER = String.raw`(?:\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,230})(?::[0-9]{1,5})?`;
const LOCAL = String.raw`[^\s\0:]{1,200}`;
const HASH = '[A-Za-z0-9_-]{43}';
const SERVER_NAME = new RegExp(`^${SERVER}$`);
const ROOM_ID = new RegExp(`^!(?:${HASH}|${LOCAL}:${SERVER})$`);
// Room version 3 used plain base64, whose hashes may hold `+` and `/`.
const EVENT_ID = new RegExp(`^\\$(?:[A-Za-z0-9_+/-]{43}|${LOCAL}:${SERVER})$`);
const ROOM_ALIAS = new RegExp(`^#${LOCAL}:${SERVER}$`);
// The media id becomes part of a URL: dots and slashes would let a room choose another path (CVE-2024-50336).
const MXC_URI = new RegExp(`^mxc://(${SERVER})/([A-Za-z0-9_-]{1,255})$`);
const MAX_ID_BYTES = 255;

export function isRoomId(text: unknown): text is RoomId {
  return matches(text, ROOM_ID);
}

export function isEventId(text: unknown): text is EventId {
  return matches(text, EVENT_ID);
}

export function isRoomAlias(text: unknown): text is RoomAlias {
  return matches(text, ROOM_ALIAS);
}

export function isMxcUri(text: unknown): text is MxcUri {
  return typeof text === 'string' && MXC_URI.test(text);
}

export function isServerName(text: unknown): text is string {
  return matches(text, SERVER_NAME);
}

/** @throws WeftError `invalid-id` */
export function parseRoomId(text: unknown): RoomId {
  if (isRoomId(text)) return text;
  throw invalid(
    'a room id',
    '! and 43 base64url characters, or !local:server',
    text,
    'Copy the whole id, with the exclamation mark.',
  );
}

/** @throws WeftError `invalid-id` */
export function parseEventId(text: unknown): EventId {
  if (isEventId(text)) return text;
  throw invalid('an event id', '$ and 43 base64url characters', text, 'Use the id that the homeserver gave.');
}

/** @throws WeftError `invalid-id` */
export function parseRoomAlias(text: unknown): RoomAlias {
  if (isRoomAlias(text)) return text;
  throw invalid('a room alias', '#name:server', text, 'Write the server after the colon.');
}

/** @throws WeftError `invalid-id` */
export function parseMxcUri(text: unknown): MxcUri {
  if (isMxcUri(text)) return text;
  throw invalid('an mxc address', 'mxc://server/media-id', text, 'Use the address that the upload returned.');
}

/** The server that keeps the file, and the file's id there. */
export function mxcParts(uri: MxcUri): { readonly server: string; readonly mediaId: string } {
  const [, server = '', mediaId = ''] = MXC_URI.exec(uri) ?? [];
  return { server, mediaId };
}

/** The server after the colon of a user id or an alias; `null` for what has none (a version-12 room id). */
export function serverOf(id: string): string | null {
  const colon = id.indexOf(':');
  return colon < 0 ? null : id.slice(colon + 1);
}

function matches(text: unknown, pattern: RegExp): boolean {
  return (
    typeof text === 'string' &&
    text.length <= MAX_ID_BYTES &&
    pattern.test(text) &&
    new TextEncoder().encode(text).length <= MAX_ID_BYTES
  );
}

function invalid(noun: string, expected: string, got: unknown, hint: string): WeftError {
  return new WeftError('invalid-id', {
    what: `read ${noun}`,
    expected,
    got: JSON.stringify(got) ?? String(got),
    hint,
  });
}
