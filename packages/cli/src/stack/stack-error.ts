/** Why the local stack could not do what was asked. Each code is one situation that a program can act on. */
export type StackErrorCode =
  | 'no-python'
  | 'install-failed'
  | 'boot-failed'
  | 'already-running'
  | 'not-running'
  | 'no-free-port'
  | 'bad-name'
  | 'bad-file'
  | 'account'
  | 'aborted';

export interface StackErrorDetails {
  /** What happened, as one sentence. */
  readonly what: string;
  /** The next step for the person at the keyboard, as one sentence. */
  readonly hint: string;
  readonly cause?: unknown;
}

/** The local stack could not be installed, started, reached or stopped. */
export class StackError extends Error {
  override readonly name: string = 'StackError';
  readonly code: StackErrorCode;
  readonly hint: string;

  constructor(code: StackErrorCode, details: StackErrorDetails) {
    super(
      `${details.what} ${details.hint}`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.code = code;
    this.hint = details.hint;
  }
}
