import type { EditAccess } from '../edit/access.ts';
import type { ActorId } from '../ids.ts';

/** On whose behalf something is written, as whoever takes it knows by itself: never from what is written. */
export interface Author {
  readonly access: EditAccess;
  /** Under which actors they may write. */
  mayBe(actor: ActorId): boolean;
}
