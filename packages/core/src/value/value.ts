/** What a register holds: JSON without `undefined`, NaN or infinities. Arrays and records are atomic and frozen. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [name: string]: Value };

/** How deeply arrays and records may nest in a value. */
export const MAX_VALUE_DEPTH = 32;

/** The largest value, in UTF-8 bytes of its canonical JSON. */
export const MAX_VALUE_BYTES = 4096;

/** `Array.isArray` does not narrow read-only arrays. */
export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}
