import {
  Intake,
  type IntakeOptions,
  isUserId,
  type ObjectId,
  OCCUPANT_PATH,
  type UserId,
  WeftError,
} from '@weft/core';
import type { Session } from '@weft/protocol';
import type { LaneAuthor } from './lane-author.ts';

const TRANSFORM_PREFIX = 'transform.';

export interface RelayIntakeOptions extends Pick<IntakeOptions<LaneAuthor>, 'replica' | 'now'> {
  /** Whether a socket must not move an object: its lease is somebody else's. */
  readonly isBarred: (session: Session | 0, id: ObjectId) => boolean;
  /** Whether a user has an avatar here: only who is there keeps a seat. */
  readonly hasAvatar: (user: UserId) => boolean;
}

/** The judge of what comes in at a relay: core's, which also holds everybody to the leases, and lets nobody sit on another's lap. */
export function intakeOf({ isBarred, hasAvatar, ...options }: RelayIntakeOptions): Intake<LaneAuthor> {
  const { replica } = options;
  const sitterOf = (id: ObjectId): UserId | null => {
    const occupant = replica.registers(id)?.get(OCCUPANT_PATH)?.value;
    return isUserId(occupant) && hasAvatar(occupant) ? occupant : null;
  };
  return new Intake({
    ...options,
    alsoCheck: (id, changes, { session, access }) => {
      let [moves, sits] = [false, false];
      for (const [path, value] of changes) {
        moves ||= path.startsWith(TRANSFORM_PREFIX);
        sits ||= path === OCCUPANT_PATH && value === access.userId;
      }
      if (moves && isBarred(session, id)) throw leased(id);
      const sitter = sits ? sitterOf(id) : null;
      if (sitter !== null && sitter !== access.userId) throw taken(id, sitter);
    },
  });
}

function leased(id: ObjectId): WeftError {
  return new WeftError('forbidden', {
    what: `move ${id}`,
    expected: 'whoever holds its lease',
    got: 'somebody else, or who lost it to them',
    hint: 'Take it, or wait until they let go of it.',
    path: id,
  });
}

function taken(id: ObjectId, by: UserId): WeftError {
  return new WeftError('held', {
    what: `sit on ${id}`,
    expected: 'a free seat',
    got: `one on which ${by} sits`,
    hint: 'Choose another one, or wait.',
    path: id,
  });
}
