import { isList, type Value } from './value.ts';

/** As ECMAScript prints them, with the tag and the quotes of a text. */
const NUMBER_BYTES = 28;
/** `\u0001`: no character of a text takes more. */
export const ESCAPED_BYTES = 6;
/** `\\u0001`: the same in the text that stands for a value with other numbers than integers. */
const TWICE_ESCAPED_BYTES = 7;

/** A bound on what `encodeWireValue` makes of a value, in bytes of JSON. */
export function mostWireBytes(value: Value): number {
  if (typeof value === 'string') return value.length * ESCAPED_BYTES + 3;
  return value !== null && typeof value === 'object' ? mostTaggedBytes(value) + 3 : NUMBER_BYTES;
}

function mostTaggedBytes(value: Value): number {
  if (typeof value === 'string') return mostTextBytes(value);
  if (value === null || typeof value !== 'object') return NUMBER_BYTES;
  let bytes = 2;
  if (isList(value)) for (const item of value) bytes += mostTaggedBytes(item) + 1;
  else
    for (const [name, member] of Object.entries(value))
      bytes += mostTextBytes(name) + mostTaggedBytes(member) + 2;
  return bytes;
}

function mostTextBytes(text: string): number {
  return text.length * TWICE_ESCAPED_BYTES + 4;
}
