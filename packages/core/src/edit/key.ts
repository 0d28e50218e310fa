import { sha256 } from '@noble/hashes/sha2.js';
import { toBase64Url } from '../base64url.ts';
import { WeftError } from '../errors.ts';
import { type ObjectId, parseObjectId } from '../ids.ts';
import { showHostile } from '../value/plain-record.ts';

const MAX_KEY_CHARACTERS = 200;
// 132 bits: as hard to hit by accident as a random id.
const KEYED_ID_CHARACTERS = 22;

/** The id that belongs to a key: the same in every world and client. */
export function idOfKey(key: string): ObjectId {
  if (typeof key !== 'string' || key.length === 0 || key.length > MAX_KEY_CHARACTERS || !key.isWellFormed())
    throw new WeftError('invalid-id', {
      what: 'make an id from a key',
      expected: `1 to ${MAX_KEY_CHARACTERS} characters`,
      got: showHostile(key),
      hint: 'Use a short word such as table-1.',
    });
  const hash = sha256(new TextEncoder().encode(`weft key ${key}`));
  return parseObjectId(toBase64Url(hash).slice(0, KEYED_ID_CHARACTERS));
}
