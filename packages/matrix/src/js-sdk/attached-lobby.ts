import { isUserId } from '@weft/core';
import {
  ClientEvent,
  KnownMembership,
  type MatrixClient,
  type Room,
  RoomEvent as RoomSignal,
  SyncState,
  type SyncStateData,
} from 'matrix-js-sdk';
import { WORLD_ROOM_TYPE } from '../event-types.ts';
import type { Following } from '../homeserver.ts';
import { isRoomId } from '../ids.ts';
import type { LobbyListener } from '../lobby.ts';
import { mapError } from './map-error.ts';

/** Hears of invitations through a client of the caller's. */
export class AttachedLobby implements Following {
  readonly continued = false;
  readonly #client: MatrixClient;
  readonly #listener: LobbyListener;

  constructor(client: MatrixClient, listener: LobbyListener) {
    this.#client = client;
    this.#listener = listener;
    client.on(RoomSignal.MyMembership, this.#onMembership);
    client.on(ClientEvent.Sync, this.#onSync);
    const state = client.getSyncState();
    if (state === SyncState.Prepared || state === SyncState.Syncing) listener.connection('online', null);
    for (const room of client.getRooms()) this.#onMembership(room);
  }

  stop(): void {
    this.#client.off(RoomSignal.MyMembership, this.#onMembership);
    this.#client.off(ClientEvent.Sync, this.#onSync);
  }

  readonly #onMembership = (room: Room): void => {
    if (room.getMyMembership() !== KnownMembership.Invite) return;
    const by = room.getMember(this.#client.getSafeUserId())?.events.member?.getSender();
    if (!isRoomId(room.roomId) || !isUserId(by)) return;
    this.#listener.invited({ room: room.roomId, by, isWorld: room.getType() === WORLD_ROOM_TYPE });
  };

  readonly #onSync = (state: SyncState, _before: SyncState | null, data?: SyncStateData): void => {
    if (state === SyncState.Prepared || state === SyncState.Syncing) {
      this.#listener.connection('online', null);
    } else if (state !== SyncState.Catchup) {
      const error = data?.error;
      const url = this.#client.getHomeserverUrl();
      this.#listener.connection(
        'offline',
        error === undefined ? null : mapError('wait for invitations', error, url),
      );
    }
  };
}
