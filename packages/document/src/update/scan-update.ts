import { DocumentError } from '../document-error.ts';
import { MAX_DOCUMENT_CLOCK, MAX_UPDATE_BYTES } from '../limits.ts';
import { malformed, UpdateReader } from './update-reader.ts';

/** What is known of an update that was read and found sound. */
export interface UpdateFacts {
  /** Structs and deleted ranges. */
  readonly structs: number;
  /** Whose structs it holds. */
  readonly clients: ReadonlySet<number>;
}

export interface ScanLimits {
  readonly maxBytes: number;
  readonly maxStructs: number;
}

const HAS_ORIGIN = 0x80;
const HAS_RIGHT_ORIGIN = 0x40;
const HAS_KEY = 0x20;
const CONTENT = 0x1f;
const GONE = 0;
const TYPES = 7;
const NAMED_TYPES: ReadonlySet<number> = new Set([3, 5]);

/**
 * Reads an update in Yjs's first encoding from end to end before Yjs does, in time proportional to its bytes, and makes
 * nothing of it. What passes holds as much as it says, has structs of at least one element, in order and once a client;
 * its deleted ranges do not overlap; it brings no document into the document, and no name that reaches a prototype.
 *
 * @throws DocumentError `malformed`, `limit`
 */
export function scanUpdate(update: Uint8Array, { maxBytes, maxStructs }: ScanLimits): UpdateFacts {
  if (update.length > Math.min(maxBytes, MAX_UPDATE_BYTES))
    throw new DocumentError('limit', `Expected at most ${maxBytes} bytes, got ${update.length}`);
  const reader = new UpdateReader(update);
  const clients = new Set<number>();
  let structs = 0;
  const count = () => {
    structs += 1;
    if (structs > maxStructs)
      throw new DocumentError('limit', `Expected at most ${maxStructs} structs, got more`);
  };
  for (let left = reader.number(); left > 0; left--) {
    const length = reader.number();
    const client = newClient(reader, clients);
    let clock = reader.number();
    if (length === 0) throw malformed(`structs of client ${client}, got none`);
    for (let at = 0; at < length; at++) {
      count();
      clock += scanStruct(reader);
      if (clock > MAX_DOCUMENT_CLOCK) throw malformed(`a clock up to ${MAX_DOCUMENT_CLOCK}, got ${clock}`);
    }
  }
  scanDeleted(reader, count);
  if (!reader.isAtEnd) throw malformed('the end of the update, got more bytes');
  return { structs, clients };
}

/** @returns how many elements it has */
function scanStruct(reader: UpdateReader): number {
  const info = reader.byte();
  if (info === GONE) return reader.length();
  if ((info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN)) === 0) {
    const parent = reader.number();
    if (parent === 1) reader.name();
    else if (parent === 0) scanId(reader);
    else throw malformed(`a parent by name or by id, got kind ${parent}`);
    if ((info & HAS_KEY) !== 0) reader.name();
  } else {
    if ((info & HAS_ORIGIN) !== 0) scanId(reader);
    if ((info & HAS_RIGHT_ORIGIN) !== 0) scanId(reader);
  }
  return scanContent(reader, info & CONTENT);
}

function scanId(reader: UpdateReader): void {
  reader.number();
  reader.number();
}

function scanContent(reader: UpdateReader, content: number): number {
  switch (content) {
    case 1:
      return reader.length();
    case 3:
      reader.blob();
      return 1;
    case 4:
      return atLeastOne(reader.text().length);
    case 5:
      reader.json();
      return 1;
    case 6:
      reader.name();
      reader.json();
      return 1;
    case 7: {
      const type = reader.number();
      if (type >= TYPES) throw malformed(`a type from 0 to ${TYPES - 1}, got ${type}`);
      if (NAMED_TYPES.has(type)) reader.name();
      return 1;
    }
    case 8: {
      const length = reader.length();
      for (let left = length; left > 0; left--) reader.any();
      return length;
    }
    default:
      // 2 is no longer written, 9 is a document in the document, 10 a gap, which no whole update has.
      throw malformed(`content that a document may hold, got kind ${content}`);
  }
}

function scanDeleted(reader: UpdateReader, count: () => void): void {
  const clients = new Set<number>();
  for (let left = reader.number(); left > 0; left--) {
    newClient(reader, clients);
    let free = 0;
    for (let ranges = reader.number(); ranges > 0; ranges--) {
      count();
      const clock = reader.number();
      if (clock < free) throw malformed('deleted ranges in order, got one that overlaps');
      free = clock + reader.length();
      if (free > MAX_DOCUMENT_CLOCK) throw malformed(`a clock up to ${MAX_DOCUMENT_CLOCK}, got ${free}`);
    }
  }
}

function newClient(reader: UpdateReader, clients: Set<number>): number {
  const client = reader.number();
  if (clients.has(client)) throw malformed(`each client once, got ${client} again`);
  clients.add(client);
  return client;
}

function atLeastOne(length: number): number {
  if (length === 0) throw malformed('text, got none');
  return length;
}
