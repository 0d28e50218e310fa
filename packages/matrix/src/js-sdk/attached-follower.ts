import {
  ClientEvent,
  type IRoomTimelineData,
  type MatrixClient,
  type MatrixEvent,
  type Room,
  RoomEvent as RoomSignal,
  type RoomState,
  RoomStateEvent,
  RoomStickyEventsEvent,
  SyncState,
  type SyncStateData,
} from 'matrix-js-sdk';
import type { Following, RoomListener } from '../homeserver.ts';
import type { RoomId } from '../ids.ts';
import type { ServerClock } from '../server-clock.ts';
import type { Timers } from '../timers.ts';
import { mapError } from './map-error.ts';
import { roomUpdate } from './room-update.ts';

export interface AttachedFollowerOptions {
  readonly client: MatrixClient;
  readonly room: RoomId;
  readonly listener: RoomListener;
  readonly clock: ServerClock;
  readonly timers: Timers;
}

/** Gathers what a client of the caller's emits while it works through a sync response into one update. */
export class AttachedFollower implements Following {
  // The client syncs for its own ends, and its token is not ours to keep.
  readonly continued = false;
  readonly #options: AttachedFollowerOptions;
  #state: unknown[] = [];
  #timeline: unknown[] = [];
  #sticky: unknown[] = [];
  #gap = false;
  #online = false;

  constructor(options: AttachedFollowerOptions) {
    this.#options = options;
    const { client, listener } = options;
    client.on(RoomStateEvent.Events, this.#onState);
    client.on(RoomSignal.Timeline, this.#onTimeline);
    client.on(RoomSignal.TimelineReset, this.#onReset);
    client.on(ClientEvent.Sync, this.#onSync);
    client.getRoom(options.room)?.on(RoomStickyEventsEvent.Update, this.#onSticky);
    const state = client.getSyncState();
    this.#online = state === SyncState.Prepared || state === SyncState.Syncing;
    if (this.#online) listener.connection('online', null);
  }

  stop(): void {
    const { client } = this.#options;
    client.off(RoomStateEvent.Events, this.#onState);
    client.off(RoomSignal.Timeline, this.#onTimeline);
    client.off(RoomSignal.TimelineReset, this.#onReset);
    client.off(ClientEvent.Sync, this.#onSync);
    client.getRoom(this.#options.room)?.off(RoomStickyEventsEvent.Update, this.#onSticky);
  }

  readonly #onState = (event: MatrixEvent, state: RoomState): void => {
    if (event.getRoomId() !== this.#options.room) return;
    // The state at the start of the timeline is emitted as well.
    const room = this.#options.client.getRoom(this.#options.room);
    if (room === null || state === room.currentState) this.#state.push(event.event);
  };

  readonly #onTimeline = (
    event: MatrixEvent,
    room: Room | undefined,
    toStart: boolean | undefined,
    removed: boolean,
    data: IRoomTimelineData,
  ): void => {
    if (room?.roomId !== this.#options.room || toStart === true || removed) return;
    // Local echoes have a status; they are not from the server.
    if (data.liveEvent === true && event.status === null) this.#timeline.push(event.event);
  };

  readonly #onSticky = (
    added: readonly MatrixEvent[],
    updated: readonly { readonly current: MatrixEvent }[],
  ): void => {
    const events = [...added, ...updated.map(({ current }) => current)];
    this.#sticky.push(...events.map(({ event }) => event));
  };

  readonly #onReset = (room: Room | undefined): void => {
    if (room?.roomId === this.#options.room) this.#gap = true;
  };

  readonly #onSync = (state: SyncState, _before: SyncState | null, data?: SyncStateData): void => {
    const { client, listener, room } = this.#options;
    if (state === SyncState.Prepared || state === SyncState.Syncing) {
      this.#deliver();
      if (!this.#online) listener.connection('online', null);
      this.#online = true;
      return;
    }
    if (state === SyncState.Catchup) return;
    if (this.#online) this.#gap = true;
    this.#online = false;
    const error = data?.error;
    const reason = error === undefined ? null : mapError(`follow ${room}`, error, client.getHomeserverUrl());
    listener.connection('offline', reason);
  };

  #deliver(): void {
    const { listener, clock, timers } = this.#options;
    const news = this.#state.length + this.#timeline.length + this.#sticky.length;
    if (news === 0 && !this.#gap) return;
    const update = roomUpdate({
      complete: false,
      gap: this.#gap,
      state: this.#state,
      timeline: this.#timeline,
      sticky: this.#sticky,
      token: null,
    });
    this.#state = [];
    this.#timeline = [];
    this.#sticky = [];
    this.#gap = false;
    clock.observe([...update.state, ...update.timeline], timers.now());
    listener.update(update);
  }
}
