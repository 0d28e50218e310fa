import type { ActorId, EditAccess } from '@weft/core';
import type { Session } from '@weft/protocol';

/** On whose behalf something is written: the relay vouches for all of it. */
export interface Author {
  readonly access: EditAccess;
  /** Under which actors they may write. */
  mayBe(actor: ActorId): boolean;
  /** Their socket; 0 for a service. */
  readonly session: Session | 0;
}
