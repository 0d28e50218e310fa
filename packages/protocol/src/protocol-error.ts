import { CLOSE_CODES } from './close-codes.ts';

/** Why bytes are no frame, or not one that may come from there. */
export type ProtocolErrorCode =
  | 'malformed'
  | 'too-large'
  | 'too-many'
  | 'unknown-frame'
  | 'wrong-direction'
  | 'unsupported-version';

export interface ProtocolErrorDetails {
  /** What was being done, as the start of a sentence: "read the frame patch-up". */
  readonly what: string;
  /** What would have been accepted. */
  readonly expected: string;
  /** What was found instead. */
  readonly got: string;
}

const CLOSES_WITH: Readonly<Record<ProtocolErrorCode, number>> = {
  malformed: CLOSE_CODES.malformed,
  'too-large': CLOSE_CODES.tooLarge,
  'too-many': CLOSE_CODES.tooLarge,
  'unknown-frame': CLOSE_CODES.malformed,
  'wrong-direction': CLOSE_CODES.malformed,
  'unsupported-version': CLOSE_CODES.malformed,
};

/** Bytes or content that this protocol refuses; nothing of it was used. */
export class ProtocolError extends Error {
  override readonly name: string = 'ProtocolError';
  readonly code: ProtocolErrorCode;
  readonly what: string;
  readonly expected: string;
  readonly got: string;

  constructor(code: ProtocolErrorCode, { what, expected, got }: ProtocolErrorDetails) {
    super(`Cannot ${what}: expected ${expected}, got ${got}.`);
    this.code = code;
    this.what = what;
    this.expected = expected;
    this.got = got;
  }

  /** With what a socket is closed that sent this. */
  get closeCode(): number {
    return CLOSES_WITH[this.code];
  }
}
