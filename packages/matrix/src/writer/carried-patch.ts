import {
  type ActorId,
  entriesOf,
  isUserId,
  join,
  type ObjectId,
  type ObjectRegisters,
  type Patch,
  type Path,
  patchOf,
  type Register,
  type Replica,
  type Time,
  type UserId,
} from '@weft/core';

/** What is asked of the replica to fill a carrier. */
export type CarriedReplica = Pick<Replica, 'clock' | 'usersOf' | 'purgeOf'>;

/** These registers with who their actors are said to be, and the purges of their objects for readers who missed them. */
export function patchToCarry(objects: ObjectRegisters, replica: CarriedReplica, user: UserId): Patch {
  const registers = [...objects].flatMap(([id, paths]) =>
    [...paths].map(([path, register]) => ({ id, path, register })),
  );
  const actors = new Map<ActorId, ReadonlySet<UserId>>();
  for (const { register } of registers) {
    const { actor } = register.stamp;
    if (actors.has(actor) || isUserId(actor)) continue;
    actors.set(actor, actor === replica.clock.actor ? new Set([user]) : replica.usersOf(actor));
  }
  return patchOf({ registers, actors, purges: purgesOf(objects.keys(), replica) });
}

/**
 * What a carrier will hold: what it holds and is not carried elsewhere, without what was purged since, and what is added.
 *
 * @param isKept whether another carrier has held a register for long enough
 */
export function refill(
  held: Patch | null,
  added: Patch,
  replica: CarriedReplica,
  isKept: (id: ObjectId, path: Path, register: Register) => boolean,
): Patch {
  if (held === null) return added;
  const registers = [...entriesOf(held)].filter(({ id, path, register }) => !isKept(id, path, register));
  const authors = new Set(registers.map(({ register }) => register.stamp.actor));
  const actors = [...held.actors].filter(([actor]) => authors.has(actor));
  const purges = [...held.objects].flatMap(([id, { purge }]) =>
    purge === null ? [] : [[id, purge] as const],
  );
  const kept = patchOf({ registers, actors, purges: [...purges, ...purgesOf(held.objects.keys(), replica)] });
  return join(kept, added);
}

/** Whether a carrier holds what was purged of these objects: the bytes have to leave the room. */
export function holdsPurged(held: Patch, purged: Iterable<ObjectId>, replica: CarriedReplica): boolean {
  for (const id of purged) {
    const purge = replica.purgeOf(id);
    for (const { stamp } of held.objects.get(id)?.registers.values() ?? [])
      if (purge !== null && stamp.time <= purge) return true;
  }
  return false;
}

function purgesOf(ids: Iterable<ObjectId>, replica: CarriedReplica): [ObjectId, Time][] {
  const purges: [ObjectId, Time][] = [];
  for (const id of ids) {
    const purge = replica.purgeOf(id);
    if (purge !== null) purges.push([id, purge]);
  }
  return purges;
}
