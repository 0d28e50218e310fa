/** Why there is no Dendrite to test against. */
export type DendriteErrorCode = 'no-go' | 'build-failed' | 'boot-failed' | 'aborted';

/** Dendrite could not be built or started. */
export class DendriteError extends Error {
  override readonly name = 'DendriteError';
  readonly code: DendriteErrorCode;

  constructor(code: DendriteErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
