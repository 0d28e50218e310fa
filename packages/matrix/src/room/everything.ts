import {
  type ActorId,
  isUserId,
  type ObjectId,
  type ObjectPatch,
  type Patch,
  type Replica,
  type UserId,
} from '@weft/core';

/** All that the room's carriers brought, without what it does not hold yet: what `Replica.setHash` is the hash of. */
export function everythingIn(replica: Pick<Replica, 'base' | 'usersOf'>): Patch {
  const { base } = replica;
  const objects = new Map<ObjectId, ObjectPatch>();
  const actors = new Map<ActorId, ReadonlySet<UserId>>();
  for (const id of base.mentioned()) {
    const registers = new Map(base.get(id));
    objects.set(id, { registers, purge: base.purgeOf(id) });
    for (const { stamp } of registers.values()) {
      if (actors.has(stamp.actor) || isUserId(stamp.actor)) continue;
      const users = replica.usersOf(stamp.actor);
      if (users.size > 0) actors.set(stamp.actor, users);
    }
  }
  return { objects, actors };
}
