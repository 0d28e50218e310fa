import type { UserId } from '@weft/core';
import type { HomeserverError } from './errors.ts';
import type { RoomId } from './ids.ts';

/** Somebody asked this user into a room. All but the room and the inviter is what the inviter's server says. */
export interface Invitation {
  readonly room: RoomId;
  readonly by: UserId;
  /** Whether it is said to be a world. */
  readonly isWorld: boolean;
}

export interface LobbyListener {
  /** Also once for each invitation that is open when the lobby is entered. Must not throw. */
  invited(invitation: Invitation): void;
  /** As of `RoomListener`. */
  connection(state: 'online' | 'offline', reason: HomeserverError | null): void;
}

/** Invitations of one sync response that are looked at; the rest comes with a later start. */
export const MAX_INVITATIONS = 1000;
