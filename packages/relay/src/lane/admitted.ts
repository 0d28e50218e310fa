import type { UserId } from '@weft/core';
import type { Hello } from '@weft/protocol';

/** Somebody whose hello was found true: the homeservers vouch for the user, the session key for the rest. */
export interface Admitted {
  readonly user: UserId;
  /** As the client says; for addressing only. */
  readonly device: string;
  readonly memberId: string;
  readonly hello: Hello;
}
