import type { UserId } from '@weft/core';
import type { Member, Role } from '@weft/matrix';

/** Somebody who is in the world or invited to it. */
export interface Person {
  readonly user: UserId;
  /** The display name in this room, else the user id. */
  readonly name: string;
  readonly role: Role;
  readonly membership: 'join' | 'invite';
  /** Whether a client of theirs is on this client's relay now. `false` where no relay tells. */
  readonly live: boolean;
}

/** @param onLane who is on this client's relay */
export function peopleOf(members: readonly Member[], onLane: ReadonlySet<UserId>): readonly Person[] {
  return Object.freeze(
    members.map(({ user, name, role, membership }) =>
      Object.freeze({ user, name, role, membership, live: onLane.has(user) }),
    ),
  );
}
