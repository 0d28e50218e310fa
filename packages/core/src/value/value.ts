/** What a register holds: JSON without `undefined`, NaN or infinities. Arrays and records are atomic and frozen. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [name: string]: Value };
