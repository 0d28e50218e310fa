import { WeftError } from '@weft/core';

/** Where a world is, as a person wrote it. */
export interface WorldRef {
  readonly kind: 'room' | 'alias';
  /** `!room` or `#alias:server`, sigil included. */
  readonly id: string;
  /** Servers to ask for the room; needed for room ids of room version 12, which name no server. */
  readonly via: readonly string[];
}

/** Further servers named by a link are ignored. */
export const MAX_VIA_SERVERS = 16;

const ROOM = /^![^\s\0/?#]{1,254}$/;
const ALIAS = /^#[^\s\0:/?]{1,253}:[^\s\0/?#]{1,253}$/;
const SERVER = /^[A-Za-z0-9.-]{1,230}(:\d{1,5})?$|^\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?$/;

/**
 * Reads a room id, an alias, a `matrix:` URI or a `https://matrix.to` link (Matrix specification, appendix
 * "URIs"). What follows the room in a link (an event) is ignored.
 * @throws WeftError `invalid-id`
 */
export function parseWorldRef(text: string, via: readonly string[] = []): WorldRef {
  const trimmed = text.trim();
  const read = readLink(trimmed) ?? { id: trimmed, via: [] };
  const kind = ROOM.test(read.id) ? 'room' : ALIAS.test(read.id) ? 'alias' : null;
  if (kind === null) throw invalid(text);
  const servers = [...new Set([...via, ...read.via])].filter((server) => SERVER.test(server));
  return { kind, id: read.id, via: servers.slice(0, MAX_VIA_SERVERS) };
}

interface Link {
  readonly id: string;
  readonly via: readonly string[];
}

function readLink(text: string): Link | null {
  if (!/^(matrix:|https:\/\/matrix\.to\/)/i.test(text)) return null;
  try {
    return /^matrix:/i.test(text) ? readMatrixUri(new URL(text)) : readMatrixTo(new URL(text));
  } catch {
    // URL and decodeURIComponent throw on malformed text; the caller has the better words for it.
    throw invalid(text);
  }
}

function readMatrixUri({ pathname, searchParams }: URL): Link {
  const [kind = '', id = ''] = pathname.split('/');
  const sigil = { roomid: '!', r: '#', room: '#' }[kind] ?? '';
  return { id: sigil + decodeURIComponent(id), via: searchParams.getAll('via') };
}

function readMatrixTo({ hash }: URL): Link {
  const [path = '', query = ''] = hash.replace(/^#\//, '').split('?');
  const [id = ''] = path.split('/');
  return { id: decodeURIComponent(id), via: new URLSearchParams(query).getAll('via') };
}

function invalid(text: string): WeftError {
  return new WeftError('invalid-id', {
    what: 'open a world',
    expected: 'a room id (!room), an alias (#name:server), a matrix: link or a matrix.to link',
    got: JSON.stringify(text),
    hint: 'Copy the link of the room from any Matrix client, or take the one that "new" printed.',
  });
}
