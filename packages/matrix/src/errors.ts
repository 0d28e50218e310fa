import type { WhoCanFix } from '@weft/core';

/** What went wrong between this client and its homeserver. Each code is one situation that a program can act on. */
export type HomeserverErrorCode =
  | 'unreachable'
  | 'not-a-homeserver'
  | 'unknown-token'
  | 'forbidden'
  | 'not-found'
  | 'rate-limited'
  | 'too-large'
  | 'bad-event'
  | 'in-use'
  | 'unsupported'
  | 'server'
  | 'not-a-world'
  | 'encrypted'
  | 'bad-upgrade'
  | 'incomplete'
  | 'aborted'
  | 'closed';

export interface HomeserverErrorDetails {
  /** What was being done, as the start of a sentence: "write object Kx81". */
  readonly what: string;
  /** What happened; cut to 300 characters. */
  readonly got: string;
  readonly hint?: string;
  readonly by?: WhoCanFix;
  /** HTTP status, where there was an answer. */
  readonly status?: number;
  /** The Matrix error code, where the answer had one. */
  readonly errcode?: string;
  /** How long the server wants to be left alone, in milliseconds. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

const MAX_GOT_CHARACTERS = 300;

interface Advice {
  readonly hint: string;
  readonly by: WhoCanFix;
  /** Whether the same request may succeed later without anybody changing anything. */
  readonly retry: boolean;
}

/** What follows from each code: who can fix it, what to do, and whether trying again can help. */
export const HOMESERVER_ADVICE: Readonly<Record<HomeserverErrorCode, Advice>> = {
  unreachable: {
    hint: 'Check the address and the network; what is unsaved is kept and sent when the server answers.',
    by: 'you',
    retry: true,
  },
  'not-a-homeserver': {
    hint: 'Give the base address of a Matrix homeserver, such as https://matrix.example.org.',
    by: 'you',
    retry: false,
  },
  'unknown-token': { hint: 'Sign in again to get a new access token.', by: 'you', retry: false },
  forbidden: {
    hint: 'Ask a steward of the world for the role that this needs.',
    by: 'steward',
    retry: false,
  },
  'not-found': {
    hint: 'Check the address; a room of another server needs a server to join through (via).',
    by: 'you',
    retry: false,
  },
  'rate-limited': {
    hint: 'Wait as long as the server asks; this is done by itself.',
    by: 'operator',
    retry: true,
  },
  'too-large': { hint: 'Make it smaller, or ask the operator for a higher limit.', by: 'you', retry: false },
  'bad-event': {
    hint: 'Report this with the message: Weft should not have sent it.',
    by: 'developer',
    retry: false,
  },
  'in-use': { hint: 'Choose another name.', by: 'you', retry: false },
  unsupported: { hint: 'Use a homeserver that supports room version 12.', by: 'operator', retry: false },
  server: {
    hint: 'The server failed; it is tried again by itself. Its log says more.',
    by: 'operator',
    retry: true,
  },
  'not-a-world': {
    hint: 'Open a room of type world.weft, or make one with createWorld().',
    by: 'you',
    retry: false,
  },
  encrypted: {
    hint: 'Worlds are not encrypted, since a homeserver has to hold their state; make a world without encryption.',
    by: 'owner',
    retry: false,
  },
  'bad-upgrade': {
    hint: 'Ask whoever gave you the address for the world of today; an owner can put the replacement right.',
    by: 'owner',
    retry: false,
  },
  incomplete: {
    hint: 'The problems of the world say what cannot be read; try again when it can.',
    by: 'steward',
    retry: true,
  },
  aborted: { hint: 'It was cancelled by its caller.', by: 'you', retry: false },
  closed: { hint: 'Open the world again.', by: 'you', retry: false },
};

/** A request to a homeserver that failed, or a room that cannot serve as a world. */
export class HomeserverError extends Error {
  override readonly name: string = 'HomeserverError';
  readonly code: HomeserverErrorCode;
  /** What happened, as the message says it. */
  readonly got: string;
  readonly hint: string;
  readonly by: WhoCanFix;
  readonly status: number | null;
  readonly errcode: string | null;
  readonly retryAfterMs: number | null;

  constructor(code: HomeserverErrorCode, details: HomeserverErrorDetails) {
    const advice = HOMESERVER_ADVICE[code];
    const hint = details.hint ?? advice.hint;
    const got = sentence(details.got);
    super(
      `Cannot ${details.what}: ${got} ${hint}`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.code = code;
    this.got = got.replace(/\.$/, '');
    this.hint = hint;
    this.by = details.by ?? advice.by;
    this.status = details.status ?? null;
    this.errcode = details.errcode ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
  }

  /** Whether the same request may succeed later without anybody changing anything. */
  get retry(): boolean {
    return HOMESERVER_ADVICE[this.code].retry;
  }
}

export interface ErrorAnswer {
  readonly status: number;
  readonly errcode: string | null;
  readonly message: string;
  readonly retryAfterMs: number | null;
}

/** Names the situation of an error answer of the client-server API (spec v1.15, "standard error response"). */
export function errorOfAnswer(what: string, answer: ErrorAnswer, cause?: unknown): HomeserverError {
  const { status, errcode, message, retryAfterMs } = answer;
  return new HomeserverError(codeOfAnswer(status, errcode), {
    what,
    got: `the homeserver answered ${status}${errcode === null ? '' : ` ${errcode}`} (${message})`,
    status,
    ...(errcode === null ? {} : { errcode }),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
    ...(cause === undefined ? {} : { cause }),
  });
}

const CODE_OF_ERRCODE: Readonly<Record<string, HomeserverErrorCode>> = {
  M_UNKNOWN_TOKEN: 'unknown-token',
  M_MISSING_TOKEN: 'unknown-token',
  M_USER_DEACTIVATED: 'unknown-token',
  M_FORBIDDEN: 'forbidden',
  M_GUEST_ACCESS_FORBIDDEN: 'forbidden',
  M_NOT_FOUND: 'not-found',
  M_LIMIT_EXCEEDED: 'rate-limited',
  M_RESOURCE_LIMIT_EXCEEDED: 'rate-limited',
  M_TOO_LARGE: 'too-large',
  M_BAD_JSON: 'bad-event',
  M_NOT_JSON: 'bad-event',
  M_INVALID_PARAM: 'bad-event',
  M_DUPLICATE_ANNOTATION: 'bad-event',
  M_ROOM_IN_USE: 'in-use',
  M_UNSUPPORTED_ROOM_VERSION: 'unsupported',
  M_UNRECOGNIZED: 'unsupported',
};

function codeOfAnswer(status: number, errcode: string | null): HomeserverErrorCode {
  const known =
    errcode !== null && Object.hasOwn(CODE_OF_ERRCODE, errcode) ? CODE_OF_ERRCODE[errcode] : undefined;
  if (known !== undefined) return known;
  if (status === 401) return 'unknown-token';
  if (status === 403) return 'forbidden';
  // Synapse answers M_UNKNOWN with 404 to a join of a room that no known server holds.
  if (status === 404) return errcode === null ? 'not-a-homeserver' : 'not-found';
  // Synapse answers M_UNKNOWN to a name that is taken.
  if (status === 409) return 'in-use';
  if (status === 413) return 'too-large';
  if (status === 429) return 'rate-limited';
  return status >= 500 ? 'server' : 'bad-event';
}

function sentence(text: string): string {
  const cut = text.length <= MAX_GOT_CHARACTERS ? text : `${text.slice(0, MAX_GOT_CHARACTERS - 1)}…`;
  return /[.!?…]$/.test(cut) ? cut : `${cut}.`;
}
