import { badFile, beyondLimit } from './bad-file.ts';

/** Every file starts with these four letters in ASCII. */
const MAGIC = 'WEFT';
const VERSION = 1;
const VERSION_AT = 4;
const LENGTH_AT = 8;
const HASH_AT = 12;
export const HASH_BYTES = 32;

/** Magic, version, three zeros, length of the body (32 bits, little-endian), sha256 of the body. */
export const HEADER_BYTES = HASH_AT + HASH_BYTES;

export interface Header {
  readonly bodyBytes: number;
  readonly hash: Uint8Array;
}

export function headerOf(bodyBytes: number, hash: Uint8Array): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  header.set(new TextEncoder().encode(MAGIC));
  header[VERSION_AT] = VERSION;
  new DataView(header.buffer).setUint32(LENGTH_AT, bodyBytes, true);
  header.set(hash, HASH_AT);
  return header;
}

/**
 * @param bytes at least `HEADER_BYTES`, or all there are
 * @throws WeftError `bad-file`, or `limit` for a longer body than allowed
 */
export function readHeader(bytes: Uint8Array, maxBytes: number): Header {
  for (let at = 0; at < Math.min(MAGIC.length, bytes.length); at++)
    if (bytes[at] !== MAGIC.charCodeAt(at))
      throw badFile(`a file that starts with "${MAGIC}"`, 'another start');
  const version = bytes[VERSION_AT];
  if (version !== undefined && version !== VERSION) throw badFile(`version ${VERSION}`, `version ${version}`);
  if (bytes.length < HEADER_BYTES)
    throw badFile(`a header of ${HEADER_BYTES} bytes`, `${bytes.length} bytes`);
  for (let at = VERSION_AT + 1; at < LENGTH_AT; at++)
    if (bytes[at] !== 0) throw badFile('zeros after the version', String(bytes[at]));
  const bodyBytes = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(LENGTH_AT, true);
  if (bodyBytes > maxBytes - HEADER_BYTES)
    throw beyondLimit('read a Weft file', `at most ${maxBytes} bytes`, String(HEADER_BYTES + bodyBytes));
  return { bodyBytes, hash: bytes.slice(HASH_AT, HEADER_BYTES) };
}
