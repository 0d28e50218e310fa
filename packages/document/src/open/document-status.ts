import type { WeftError } from '@weft/core';
import type { DocumentError } from '../document-error.ts';

/** How a document is doing, for people and for programs. */
export interface DocumentStatus {
  /** Whether this user may change it; what is typed otherwise stays on this client. */
  readonly canEdit: boolean;
  /** Whether this client has all that the relay has; `false` where there is no relay. */
  readonly isLive: boolean;
  /** Whether something was typed that the object does not hold yet. */
  readonly isUnsaved: boolean;
  /** Why it cannot be saved, or why something of it is left out; `null` where all is well. */
  readonly problem: WeftError | DocumentError | null;
}
