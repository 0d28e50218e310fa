import type { ObjectId, SceneObject, UserId } from '@weft/core';
import type { PartPose } from '@weft/protocol';
import { pointOf, rotationOf } from './place.ts';

/**
 * Who sits on a seat: whom its one register names, so long as they are there. Nobody has to take away a register whose
 * sitter is gone: it counts for nothing, and whoever sits down next writes over it.
 *
 * @param present who has an avatar now
 */
export function sitterOf(object: SceneObject, present: ReadonlySet<UserId>): UserId | null {
  const occupant = object.seat?.occupant;
  for (const user of present) if (user === occupant) return user;
  return null;
}

/** The seat that names a user, if there is one. */
export function seatOf(objects: Iterable<SceneObject>, user: UserId): ObjectId | null {
  for (const object of objects) if (object.seat?.occupant === user) return object.id;
  return null;
}

/** Where the body of a sitter is: the seat's offset from its object, looking along its -z axis. */
export function seatedPlace({ seat, worldMatrix }: Pick<SceneObject, 'seat' | 'worldMatrix'>): PartPose {
  return { position: pointOf(worldMatrix, seat?.offset ?? [0, 0, 0]), rotation: rotationOf(worldMatrix) };
}
