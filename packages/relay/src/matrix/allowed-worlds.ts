import { isUserId, type UserId } from '@weft/core';
import { isRoomAlias, isRoomId, type RoomAlias, type RoomId } from '@weft/matrix';

/** Which worlds a relay serves, as its configuration names them. */
export class AllowedWorlds {
  /** Worlds that are named, to be gone into without an invitation. */
  readonly named: readonly (RoomId | RoomAlias)[];
  readonly #isOpen: boolean;
  readonly #rooms: Set<RoomId>;
  readonly #inviters: ReadonlySet<UserId>;

  /** @param allowed `*`, `!room`, `#alias:server`, or `@user:server` for whatever that user invites to */
  constructor(allowed: readonly string[]) {
    this.#isOpen = allowed.includes('*');
    this.#rooms = new Set(allowed.filter(isRoomId));
    this.#inviters = new Set(allowed.filter(isUserId));
    this.named = [...this.#rooms, ...allowed.filter(isRoomAlias)];
  }

  /** An alias led to this room. */
  add(room: RoomId): void {
    this.#rooms.add(room);
  }

  /** Whether an invitation is to be taken up. */
  admits(room: RoomId, by: UserId): boolean {
    return this.#isOpen || this.#rooms.has(room) || this.#inviters.has(by);
  }

  /** Whether a room that the relay is in already is to be served: who invited it is not known any more. */
  keeps(room: RoomId): boolean {
    return this.#isOpen || this.#rooms.has(room) || this.#inviters.size > 0;
  }
}
