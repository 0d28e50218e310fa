/**
 * Why a document does not take something: `malformed` is no update at all; `limit` is larger than a bound; `costly` would
 * take too long to find its place; `foreign` is written under somebody else's client id; `full` is one more than a document
 * may hold; `broken` means that the document itself has to be made anew.
 */
export type DocumentErrorCode = 'malformed' | 'limit' | 'costly' | 'foreign' | 'full' | 'broken';

/** An update, a message or a contribution that was refused. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
  readonly code: DocumentErrorCode;

  /** @param message what was expected, and what was there instead */
  constructor(code: DocumentErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
