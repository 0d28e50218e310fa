/** Why an edit, a value or a query was refused. Each code is one situation that a program can act on. */
export type WeftErrorCode =
  | 'invalid-id'
  | 'invalid-value'
  | 'invalid-query'
  | 'bad-file'
  | 'unknown-object'
  | 'object-exists'
  | 'cycle'
  | 'schema'
  | 'rule'
  | 'limit'
  | 'forbidden'
  | 'read-only'
  | 'superseded'
  | 'not-kept'
  | 'held'
  | 'no-relay'
  | 'closed';

/** Who can put it right. */
export type WhoCanFix = 'you' | 'builder' | 'steward' | 'owner' | 'operator' | 'developer';

export interface WeftErrorDetails {
  /** What was being done, as the start of a sentence: "set transform.position of Kx81". */
  readonly what: string;
  /** What would have been accepted. */
  readonly expected: string;
  /** What was found instead; cut to 200 characters. */
  readonly got: string;
  /** The next step for the person who can take it. */
  readonly hint: string;
  readonly by?: WhoCanFix;
  /** `component.property`, and on into the value as paths of queries go (`transform.position.1`); or an object id. */
  readonly path?: string;
  /** The name of the world's rule that refused it. */
  readonly rule?: string;
  readonly cause?: unknown;
}

const MAX_GOT_CHARACTERS = 200;

/** An edit, a value or a query that was refused; nothing was changed. */
export class WeftError extends Error {
  override readonly name: string = 'WeftError';
  readonly code: WeftErrorCode;
  readonly what: string;
  readonly expected: string;
  readonly got: string;
  readonly hint: string;
  readonly by: WhoCanFix;
  readonly path: string | null;
  readonly rule: string | null;

  constructor(code: WeftErrorCode, details: WeftErrorDetails) {
    const got = shorten(details.got);
    super(
      `Cannot ${details.what}: expected ${details.expected}, got ${got}. ${details.hint}`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.code = code;
    this.what = details.what;
    this.expected = details.expected;
    this.got = got;
    this.hint = details.hint;
    this.by = details.by ?? 'you';
    this.path = details.path ?? null;
    this.rule = details.rule ?? null;
  }
}

/** Ends every `switch` over a union: a new member does not compile until it is handled. */
export function unreachable(value: never): never {
  throw new TypeError(`Unreachable: ${String(value)}`);
}

function shorten(text: string): string {
  return text.length <= MAX_GOT_CHARACTERS ? text : `${text.slice(0, MAX_GOT_CHARACTERS - 1)}…`;
}
