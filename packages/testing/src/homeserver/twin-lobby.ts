import type { UserId } from '@weft/core';
import type { EventId, Following, LobbyListener, Stop } from '@weft/matrix';
import type { Faults } from './faults.ts';
import { SYNC_DELAY_MS } from './twin-follower.ts';
import type { TwinStore } from './twin-store.ts';

export interface TwinLobbyOptions {
  readonly server: TwinStore;
  readonly user: UserId;
  readonly listener: LobbyListener;
  readonly faults: Faults;
  readonly removed: () => void;
}

/** The sync of a user that follows no room. */
export class TwinLobby implements Following {
  readonly continued = false;
  readonly #options: TwinLobbyOptions;
  readonly #told = new Set<EventId>();
  #online = false;
  #stopTimer: Stop = () => undefined;
  readonly #stopListening: Stop;

  constructor(options: TwinLobbyOptions) {
    this.#options = options;
    this.#stopListening = options.server.addLobby(this);
    this.#deliver();
  }

  stop(): void {
    this.#stopTimer();
    this.#stopListening();
    this.#options.removed();
  }

  wake(): void {
    const { server, faults } = this.#options;
    this.#stopTimer();
    this.#stopTimer = server.timers.after(SYNC_DELAY_MS + faults.delayMs(), () => this.#deliver());
  }

  #deliver(): void {
    const { server, user, listener, faults } = this.#options;
    const isCut = faults.offline || server.down;
    if (this.#online === isCut) {
      this.#online = !isCut;
      listener.connection(isCut ? 'offline' : 'online', null);
    }
    if (isCut || faults.mute) return;
    for (const room of server.invitationsOf(user)) {
      const event = room.current('m.room.member', user);
      if (event === undefined || this.#told.has(event.event_id)) continue;
      this.#told.add(event.event_id);
      const isWorld = room.current('m.room.create', '')?.content.type === 'world.weft';
      listener.invited({ room: room.id, by: event.sender, isWorld });
    }
  }
}
