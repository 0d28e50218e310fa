import { readValue } from '../value/normalise.ts';
import { MAX_VALUE_BYTES, type Value } from '../value/value.ts';

/** Texts of so many UTF-16 units are within the bound of a value, however they are escaped. */
const SURELY_SHORT = Math.floor((MAX_VALUE_BYTES - 2) / 6);

/** Each of well-formed texts without NUL; the list itself where none is too long for a value, as with most. */
export function readTexts(texts: readonly string[]): readonly (Value | undefined)[] {
  for (let at = 0; at < texts.length; at++)
    if ((texts[at] ?? '').length > SURELY_SHORT) return texts.map(readText);
  return texts;
}

/** A well-formed text without NUL as a value; `undefined` where it is too long for one. */
export function readText(text: string): Value | undefined {
  return text.length <= SURELY_SHORT ? text : readValue(text);
}
