import type { ObjectId } from '@weft/core';
import { Repairs } from '../guard/repairs.ts';
import type { RoomModel } from './room-model.ts';
import type { RoomSessionOptions } from './session-events.ts';
import { partOf, type Standing } from './standing.ts';

interface SessionRepairsParts {
  readonly model: RoomModel;
  readonly standing: () => Standing;
  readonly due: (ids: readonly ObjectId[]) => void;
  readonly read: () => void;
}

/** The repairs of a session: what the room lost of the base that the replica keeps. */
export function sessionRepairs(
  { homeserver, replica, timers, fraction, guardian = false }: RoomSessionOptions,
  { model, standing, due, read }: SessionRepairsParts,
): Repairs {
  const user = homeserver.userId;
  return new Repairs({
    room: model,
    base: replica.base,
    isOwn: ({ stamp }) => stamp.actor === replica.clock.actor || replica.usersOf(stamp.actor).has(user),
    user,
    part: () => partOf(standing(), user, guardian),
    timers,
    fraction,
    due,
    read,
  });
}
