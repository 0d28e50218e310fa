/** The bounds of the documents of one room. */
export interface DocumentLimits {
  /** Documents that somebody has open. */
  readonly maxOpen: number;
  /** Documents that one socket has open. */
  readonly maxOpenPerSession: number;
  /** Steps that merging the contributions of one document may take. */
  readonly maxMergeSteps: number;
  /** Kept updates of one document before they are kept as one, in bytes. */
  readonly maxKeptBytes: number;
  /** How long a document has to be left alone until the relay saves what its authors did not. */
  readonly saveAfterMs: number;
}

export const DOCUMENT_LIMITS: DocumentLimits = {
  maxOpen: 256,
  maxOpenPerSession: 64,
  maxMergeSteps: 40_000,
  maxKeptBytes: 65_536,
  saveAfterMs: 10_000,
};
