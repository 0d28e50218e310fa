import { Intake, type IntakeOptions, type ObjectId, type Path, WeftError } from '@weft/core';
import type { Session } from '@weft/protocol';
import type { LaneAuthor } from './lane-author.ts';

const TRANSFORM_PREFIX = 'transform.';

export interface RelayIntakeOptions extends Pick<IntakeOptions<LaneAuthor>, 'replica' | 'now'> {
  /** Whether a socket must not move an object: its lease is somebody else's. */
  readonly isBarred: (session: Session | 0, id: ObjectId) => boolean;
}

/** The judge of what comes in at a relay: core's, which also holds everybody to the leases. */
export function intakeOf({ isBarred, ...options }: RelayIntakeOptions): Intake<LaneAuthor> {
  return new Intake({
    ...options,
    alsoCheck: (id, paths, { session }) => {
      if (paths.some(isTransform) && isBarred(session, id)) throw leased(id);
    },
  });
}

function isTransform(path: Path): boolean {
  return path.startsWith(TRANSFORM_PREFIX);
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
