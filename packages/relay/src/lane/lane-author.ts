import type { Author } from '@weft/core';
import type { Session } from '@weft/protocol';

/** On whose behalf something is written: the relay vouches for all of it. */
export interface LaneAuthor extends Author {
  /** Their socket; 0 for a service. */
  readonly session: Session | 0;
}
