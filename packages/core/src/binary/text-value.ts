import { readValue } from '../value/normalise.ts';
import { MAX_VALUE_BYTES, type Value } from '../value/value.ts';

/** Texts of so many UTF-16 units are within the bound of a value, however they are escaped. */
const SURELY_SHORT = Math.floor((MAX_VALUE_BYTES - 2) / 6);

/** A well-formed text without NUL as a value; `undefined` where it is too long for one. */
export function readText(text: string): Value | undefined {
  return text.length <= SURELY_SHORT ? text : readValue(text);
}
