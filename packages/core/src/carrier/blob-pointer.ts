import { MAX_BLOB_BYTES, MAX_BLOB_OBJECTS } from '../binary/limits.ts';
import { isRecord } from '../event/event-json.ts';
import type { Branded } from '../ids.ts';
import { MAX_BLOB_SOURCE_CHARACTERS, MAX_BLOB_SOURCES } from './limits.ts';

/** An address of a blob: `mxc://server/media`, `ipfs://cid/path` or `https://host/path`. */
export type BlobSource = Branded<string, 'BlobSource'>;
/** A sha256 as 64 hexadecimal digits, lower case. */
export type Sha256Hex = Branded<string, 'Sha256Hex'>;

/** Where a patch is that is too large for an event. */
export interface BlobPointer {
  /** The same bytes at each; tried in this order. 1 to 8. */
  readonly sources: readonly BlobSource[];
  /** Of the whole file. */
  readonly sha256: Sha256Hex;
  /** Of the whole file; at most 64 MiB. */
  readonly bytes: number;
  /** How many objects it holds at most; at most 500,000. */
  readonly objects: number;
}

export type BlobScheme = 'mxc' | 'ipfs' | 'https';

const SERVER = String.raw`(?:\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,230})(?::[0-9]{1,5})?`;
// Printable ASCII without what a URL would have to escape.
const PATH = String.raw`(?:[/?#][!#-;=?-\[\]_a-z~]*)?`;
const SOURCE: Readonly<Record<BlobScheme, RegExp>> = {
  mxc: new RegExp(`^mxc://${SERVER}/[A-Za-z0-9_-]{1,255}$`),
  ipfs: new RegExp(`^ipfs://[A-Za-z0-9]{32,128}${PATH}$`),
  https: new RegExp(`^https://${SERVER}${PATH}$`),
};
const SHA256 = /^[0-9a-f]{64}$/;

export function isBlobSource(text: unknown): text is BlobSource {
  if (typeof text !== 'string' || text.length > MAX_BLOB_SOURCE_CHARACTERS) return false;
  return Object.values(SOURCE).some((pattern) => pattern.test(text));
}

export function isSha256Hex(text: unknown): text is Sha256Hex {
  return typeof text === 'string' && SHA256.test(text);
}

export function schemeOf(source: BlobSource): BlobScheme {
  if (source.startsWith('mxc:')) return 'mxc';
  return source.startsWith('ipfs:') ? 'ipfs' : 'https';
}

/** What a pointer in an event says, or why it is none. A source that is no address is left out and counted. */
export function readBlobPointer(
  input: unknown,
): { readonly pointer: BlobPointer; readonly skippedSources: number } | string {
  if (!isRecord(input)) return 'the blob is no record';
  const { sources, sha256, bytes, objects } = input;
  if (!isSha256Hex(sha256)) return 'the sha256 of the blob is not 64 hexadecimal digits';
  if (!isCount(bytes, 1, MAX_BLOB_BYTES)) return `the blob is not of 1 to ${MAX_BLOB_BYTES} bytes`;
  if (!isCount(objects, 0, MAX_BLOB_OBJECTS)) return `the blob has not 0 to ${MAX_BLOB_OBJECTS} objects`;
  const listed: readonly unknown[] = Array.isArray(sources) ? sources : [];
  const usable = [...new Set(listed.filter(isBlobSource))].slice(0, MAX_BLOB_SOURCES);
  if (usable.length === 0) return 'the blob has no address of the form mxc:, ipfs: or https:';
  const skippedSources = listed.length - usable.length;
  return { pointer: { sources: usable, sha256, bytes, objects }, skippedSources };
}

function isCount(input: unknown, least: number, most: number): input is number {
  return typeof input === 'number' && Number.isInteger(input) && input >= least && input <= most;
}
