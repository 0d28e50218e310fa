import type { ObjectId } from '../ids.ts';

/** Ids of 22 base64url characters that hold 128 bits, as `newObjectId` makes them, take this many bytes. */
export const PACKED_ID_BYTES = 16;

const ID_CHARACTERS = 22;
// The last character holds two bits; other spellings of it would not come back as they were.
const PACKABLE = /^[A-Za-z0-9_-]{21}[AQgw]$/;
const ALPHABET = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
const SEXTETS = new Uint8Array(128);
ALPHABET.forEach((character, sextet) => {
  SEXTETS[character] = sextet;
});

/** Whether a text is the one spelling of 128 bits in base64url. */
export function isPackable(text: string): boolean {
  return text.length === ID_CHARACTERS && PACKABLE.test(text);
}

export function packIds(ids: readonly string[]): Uint8Array {
  const bytes = new Uint8Array(ids.length * PACKED_ID_BYTES);
  ids.forEach((id, at) => {
    let bits = 0;
    let held = 0;
    let to = at * PACKED_ID_BYTES;
    for (let character = 0; character < ID_CHARACTERS; character++) {
      bits = ((bits & 0xff) << 6) | (SEXTETS[id.charCodeAt(character)] ?? 0);
      held += 6;
      if (held < 8) continue;
      held -= 8;
      bytes[to++] = bits >> held;
    }
  });
  return bytes;
}

/** The ids in a whole number of packed ones. */
export function unpackIds(bytes: Uint8Array): ObjectId[] {
  const count = Math.floor(bytes.length / PACKED_ID_BYTES);
  const characters = new Uint8Array(count * ID_CHARACTERS);
  let to = 0;
  for (let at = 0; at < count; at++) {
    const from = at * PACKED_ID_BYTES;
    for (let byte = from; byte < from + 15; byte += 3) {
      const bits = ((bytes[byte] ?? 0) << 16) | ((bytes[byte + 1] ?? 0) << 8) | (bytes[byte + 2] ?? 0);
      characters[to++] = ALPHABET[bits >> 18] ?? 0;
      characters[to++] = ALPHABET[(bits >> 12) & 63] ?? 0;
      characters[to++] = ALPHABET[(bits >> 6) & 63] ?? 0;
      characters[to++] = ALPHABET[bits & 63] ?? 0;
    }
    const last = bytes[from + 15] ?? 0;
    characters[to++] = ALPHABET[last >> 2] ?? 0;
    characters[to++] = ALPHABET[(last & 3) << 4] ?? 0;
  }
  const ids: ObjectId[] = [];
  for (let at = 0; at < characters.length; at += ID_CHARACTERS) {
    const id = textAt(characters, at);
    if (isWhole(id)) ids.push(id);
  }
  return ids;
}

/**
 * One flat string. Slices of a longer text are made faster, but as keys they take twice the time of a map, and ids are
 * keys of many; spreading the characters takes ten times as long.
 */
function textAt(c: Uint8Array, at: number): string {
  return String.fromCharCode(
    c[at] ?? 0,
    c[at + 1] ?? 0,
    c[at + 2] ?? 0,
    c[at + 3] ?? 0,
    c[at + 4] ?? 0,
    c[at + 5] ?? 0,
    c[at + 6] ?? 0,
    c[at + 7] ?? 0,
    c[at + 8] ?? 0,
    c[at + 9] ?? 0,
    c[at + 10] ?? 0,
    c[at + 11] ?? 0,
    c[at + 12] ?? 0,
    c[at + 13] ?? 0,
    c[at + 14] ?? 0,
    c[at + 15] ?? 0,
    c[at + 16] ?? 0,
    c[at + 17] ?? 0,
    c[at + 18] ?? 0,
    c[at + 19] ?? 0,
    c[at + 20] ?? 0,
    c[at + 21] ?? 0,
  );
}

/** Any 22 characters of base64url are an id; matching each against the pattern would cost more than making it. */
function isWhole(id: string): id is ObjectId {
  return id.length === ID_CHARACTERS;
}
