/** Why an asset cannot be used. Each code is one situation that a program can act on. */
export type AssetErrorCode =
  // The bytes are there and are no use.
  | 'not-a-glb'
  | 'malformed-glb'
  | 'external-uri'
  | 'too-large'
  | 'wrong-hash'
  | 'wrong-size'
  | 'unreadable'
  /** A compressed part of a model is not what it says, or its decoder failed at it. */
  | 'undecodable'
  /** A compressed part of a model took longer than it may. */
  | 'too-slow'
  // The reference, or an address in it, is refused before anybody is asked.
  | 'bad-reference'
  | 'unsupported-source'
  | 'forbidden-address'
  // A source was asked.
  | 'missing'
  | 'denied'
  | 'bad-redirect'
  | 'unreachable'
  | 'timed-out'
  /** Each of several sources failed, for reasons of its own: see `attempts`. */
  | 'unavailable'
  | 'aborted'
  // Publishing.
  | 'unknown-kind'
  | 'invalid-model'
  | 'not-stored';

/** One source that did not give the file. */
export interface FailedAttempt {
  /** The address, cut to 100 characters. */
  readonly source: string;
  readonly error: AssetError;
}

export interface AssetErrorDetails {
  /** What was being done, as the start of a sentence: "import chair.glb". */
  readonly what: string;
  readonly expected: string;
  /** What was found instead; cut to 200 characters. */
  readonly got: string;
  /** The next step for the person who can take it. */
  readonly hint: string;
  /** What became of each source, where several were asked; the message lists them. */
  readonly attempts?: readonly FailedAttempt[];
  readonly cause?: unknown;
}

/** What may be otherwise later though nobody changes anything. */
const PASSING: ReadonlySet<AssetErrorCode> = new Set(['unreachable', 'timed-out']);
const MAX_GOT_CHARACTERS = 200;
const MAX_SOURCE_CHARACTERS = 100;

/** A model or another file that cannot be used; nothing was written because of it. */
export class AssetError extends Error {
  override readonly name: string = 'AssetError';
  readonly code: AssetErrorCode;
  readonly what: string;
  readonly expected: string;
  readonly got: string;
  readonly hint: string;
  readonly attempts: readonly FailedAttempt[];

  constructor(code: AssetErrorCode, { what, expected, got, hint, attempts = [], cause }: AssetErrorDetails) {
    const short = shorten(got, MAX_GOT_CHARACTERS);
    const list = attempts.map((attempt) => `${attempt.source} gave ${attempt.error.got}`);
    const found = list.length === 0 ? short : list.join('; ');
    super(
      `Cannot ${what}: expected ${expected}, got ${found}. ${hint}`,
      cause === undefined ? undefined : { cause },
    );
    this.code = code;
    this.what = what;
    this.expected = expected;
    this.got = short;
    this.hint = hint;
    this.attempts = attempts;
  }

  /** Whether the same may succeed later without anybody changing anything. */
  get retry(): boolean {
    return PASSING.has(this.code) || this.attempts.some(({ error }) => error.retry);
  }
}

/** An address as messages show it: a `data:` address may be as long as the file within it. */
export function shownAddress(address: string): string {
  return shorten(address, MAX_SOURCE_CHARACTERS);
}

function shorten(text: string, maxCharacters: number): string {
  return text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters - 1)}…`;
}
