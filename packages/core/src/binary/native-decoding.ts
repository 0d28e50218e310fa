/** Computes a sha256 piece by piece; those of `node:crypto` and `@noble/hashes` fit. */
export interface Sha256 {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

/**
 * The content of a raw deflate stream that should hold so many bytes, and may never give more; `null` for whatever is not as RFC 1951
 * has it.
 */
export type Inflate = (deflated: Uint8Array, length: number) => Uint8Array | null;

/** What a platform does faster than what is built in. */
export interface NativeDecoding {
  /** A faster sha256, where the built-in one takes about 7 ms a megabyte: `() => createHash('sha256')` in Node. */
  readonly createSha256?: (() => Sha256) | undefined;
  /** A faster inflater. Where it gives `null`, or less, the built-in one judges: all readers refuse the same. */
  readonly inflate?: Inflate | undefined;
}
