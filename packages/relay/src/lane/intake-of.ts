import { Intake, type IntakeOptions, type ObjectId, type Path, WeftError } from '@weft/core';
import type { LaneAuthor } from './lane-author.ts';
import type { Lease } from './leases.ts';

const TRANSFORM_PREFIX = 'transform.';

export interface RelayIntakeOptions extends Pick<IntakeOptions<LaneAuthor>, 'replica' | 'now'> {
  readonly leaseOf: (id: ObjectId) => Lease | null;
}

/** The judge of what comes in at a relay: core's, which also holds everybody to the leases. */
export function intakeOf({ leaseOf, ...options }: RelayIntakeOptions): Intake<LaneAuthor> {
  return new Intake({
    ...options,
    alsoCheck: (id, paths, { session }) => {
      const lease = leaseOf(id);
      if (lease !== null && lease.holder !== session && paths.some(isTransform)) throw leased(id);
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
    got: 'somebody else',
    hint: 'Wait until they let go of it.',
    path: id,
  });
}
