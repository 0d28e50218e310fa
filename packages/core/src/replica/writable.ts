import type { ObjectEventParts } from '../event/encode.ts';
import { type ActorId, type Path, type UserId, userOfActor } from '../ids.ts';
import type { Register } from '../register/register.ts';
import type { Time } from '../stamp/stamp.ts';

/** What an event of an object has to hold: these registers, and who their actors are said to be. */
export function eventParts(
  registers: ReadonlyMap<Path, Register>,
  usersOf: (actor: ActorId) => ReadonlySet<UserId>,
  purge: Time | null,
): ObjectEventParts {
  const actors = new Map<ActorId, ReadonlySet<UserId>>();
  for (const { stamp } of registers.values()) {
    if (actors.has(stamp.actor) || userOfActor(stamp.actor) !== null) continue;
    const users = usersOf(stamp.actor);
    if (users.size > 0) actors.set(stamp.actor, users);
  }
  return { registers, actors, purge };
}
