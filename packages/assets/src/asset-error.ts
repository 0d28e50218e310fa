/** Why an asset cannot be used. Each code is one situation that a program can act on. */
export type AssetErrorCode =
  | 'not-a-glb'
  | 'malformed-glb'
  | 'external-uri'
  | 'too-large'
  | 'wrong-hash'
  | 'unsupported-source'
  | 'unreadable'
  | 'missing';

export interface AssetErrorDetails {
  /** What was being done, as the start of a sentence: "import chair.glb". */
  readonly what: string;
  readonly expected: string;
  /** What was found instead; cut to 200 characters. */
  readonly got: string;
  /** The next step for the person who can take it. */
  readonly hint: string;
  readonly cause?: unknown;
}

const MAX_GOT_CHARACTERS = 200;

/** A model or another file that cannot be used; nothing was written because of it. */
export class AssetError extends Error {
  override readonly name: string = 'AssetError';
  readonly code: AssetErrorCode;
  readonly expected: string;
  readonly got: string;
  readonly hint: string;

  constructor(code: AssetErrorCode, { what, expected, got, hint, cause }: AssetErrorDetails) {
    const short = got.length <= MAX_GOT_CHARACTERS ? got : `${got.slice(0, MAX_GOT_CHARACTERS - 1)}…`;
    super(
      `Cannot ${what}: expected ${expected}, got ${short}. ${hint}`,
      cause === undefined ? undefined : { cause },
    );
    this.code = code;
    this.expected = expected;
    this.got = short;
    this.hint = hint;
  }
}
