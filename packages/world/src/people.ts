import { Cell, type Readable, sameRecords, type UserId } from '@weft/core';
import type { Member, Role, RoomSession } from '@weft/matrix';

/** Somebody who is in the world or invited to it. */
export interface Person {
  readonly user: UserId;
  /** The display name in this room, else the user id. */
  readonly name: string;
  readonly role: Role;
  readonly membership: 'join' | 'invite';
  /** Whether a client of theirs is on this client's relay now, or is told of its edits without one. `false` where nobody tells. */
  readonly live: boolean;
  /** The world names it as one of its relays: a program that carries what others do. */
  readonly isRelay: boolean;
}

/** The people of an open session; `update` is called after whatever may have changed them. */
export class PeopleCell implements Readable<readonly Person[]> {
  readonly #session: Pick<RoomSession, 'standing'>;
  readonly #onLane: Readable<ReadonlySet<UserId>>;
  readonly #cell = new Cell<readonly Person[]>([], sameRecords);

  /** @param onLane who is on this client's lane */
  constructor(session: Pick<RoomSession, 'standing'>, onLane: Readable<ReadonlySet<UserId>>) {
    this.#session = session;
    this.#onLane = onLane;
    this.update();
  }

  get value(): readonly Person[] {
    return this.#cell.value;
  }

  subscribe(listener: () => void): () => void {
    return this.#cell.subscribe(listener);
  }

  update(): void {
    this.#cell.set(peopleOf(this.#session.standing.members, this.#onLane.value));
  }
}

function peopleOf(members: readonly Member[], onLane: ReadonlySet<UserId>): readonly Person[] {
  return Object.freeze(
    members.map(({ user, name, role, membership, isRelay }) =>
      Object.freeze({ user, name, role, membership, live: onLane.has(user), isRelay }),
    ),
  );
}
