import { canonicalJson } from './canonical.ts';
import { readValue } from './normalise.ts';
import { isList, type Value } from './value.ts';

/** The longest tagged text that is parsed, in UTF-16 units; no carrier holds more for one register. */
export const MAX_TAGGED_CHARACTERS = 8192;

const TAG = '~';

/**
 * The form of a register's value in a Matrix event, where numbers must be safe integers: a value with any other number
 * becomes `~` and its JSON, and a string that starts with `~` gets one more. Strings inside a value are left alone.
 */
export function encodeWireValue(value: Value): Value {
  if (typeof value === 'string') return value.startsWith(TAG) ? TAG + value : value;
  return hasOnlySafeIntegers(value) ? value : TAG + canonicalJson(value);
}

/** Reads what `encodeWireValue` wrote; `undefined` where it is malformed or out of bounds. Never throws. */
export function decodeWireValue(wire: unknown): Value | undefined {
  if (typeof wire !== 'string' || !wire.startsWith(TAG)) return readValue(wire);
  if (wire.startsWith(TAG, 1)) return readValue(wire.slice(1));
  // An escape in the JSON must not complete a surrogate that stands alone on the wire.
  if (wire.length > MAX_TAGGED_CHARACTERS || !wire.isWellFormed()) return undefined;
  try {
    return readValue(JSON.parse(wire.slice(1)));
  } catch {
    return undefined;
  }
}

/** Whether canonical Matrix JSON can hold it as it is. */
export function hasOnlySafeIntegers(value: Value): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (value === null || typeof value !== 'object') return true;
  return (isList(value) ? value : Object.values(value)).every(hasOnlySafeIntegers);
}
