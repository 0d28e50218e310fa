/** Why there is no program to test against. */
export type GoProgramErrorCode = 'no-go' | 'build-failed' | 'boot-failed' | 'aborted';

/** A program could not be built from its Go module, or not be started. */
export class GoProgramError extends Error {
  override readonly name = 'GoProgramError';
  readonly code: GoProgramErrorCode;

  constructor(code: GoProgramErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
