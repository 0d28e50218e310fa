import type { Network, Stop, Timers } from '@weft/core';
import { type MatrixClient, Method } from 'matrix-js-sdk';
import type { Following, FollowOptions, RoomListener } from '../homeserver.ts';
import type { RoomId } from '../ids.ts';
import type { LobbyListener } from '../lobby.ts';
import type { RequestOptions } from '../request.ts';
import type { ServerClock } from '../server-clock.ts';
import type { ReceivedToDevice } from '../to-device.ts';
import { AttachedFollower } from './attached-follower.ts';
import { AttachedLobby } from './attached-lobby.ts';
import type { Call } from './call.ts';
import { lobbySync } from './lobby-sync.ts';
import { Mailbox } from './mailbox.ts';
import { statePath } from './paths.ts';
import { roomSync } from './room-sync.ts';
import type { SyncLoop, SyncLoopOptions } from './sync-loop.ts';

export interface FollowingsOptions {
  readonly client: MatrixClient;
  /** Whether the client runs its own sync, which is then listened to and never stopped. */
  readonly syncs: 'itself' | 'by-us';
  readonly clock: ServerClock;
  readonly timers: Timers;
  readonly network?: Network | undefined;
  /** A fraction in [0, 1), for jitter. */
  readonly fraction: () => number;
  readonly call: (call: Call) => Promise<unknown>;
  readonly mapped: (what: string, error: unknown, signal: AbortSignal | undefined) => Error;
}

/** All that a homeserver tells by itself: rooms that are followed, and what comes for this device. */
export class Followings {
  readonly #options: FollowingsOptions;
  readonly #mailbox = new Mailbox();
  readonly #followings = new Set<Following>();
  readonly #detach: Stop;

  constructor(options: FollowingsOptions) {
    this.#options = options;
    this.#detach = options.syncs === 'itself' ? this.#mailbox.attach(options.client) : () => undefined;
  }

  onToDevice(listener: (message: ReceivedToDevice) => void): Stop {
    return this.#mailbox.on(listener);
  }

  async follow(room: RoomId, listener: RoomListener, options?: FollowOptions): Promise<Following> {
    const { client, syncs, clock, timers, call } = this.#options;
    if (syncs === 'by-us') {
      const loop = this.#roomSync(room, listener, options?.since ?? null);
      return this.#started(`follow ${room}`, loop, options?.signal);
    }
    // A client says nothing of a room that it is not in; asking tells.
    const path = statePath(room, 'm.room.create', '');
    await call({ what: `read m.room.create of ${room}`, method: Method.Get, path, options });
    return this.#keep(new AttachedFollower({ client, room, listener, clock, timers }));
  }

  enterLobby(listener: LobbyListener, options?: RequestOptions): Promise<Following> {
    const { client, syncs } = this.#options;
    if (syncs === 'itself') return Promise.resolve(this.#keep(new AttachedLobby(client, listener)));
    const what = 'wait for invitations';
    const loop = lobbySync({ ...this.#syncOptions(what), user: client.getSafeUserId(), listener });
    return this.#started(what, loop, options?.signal);
  }

  stop(): void {
    for (const following of [...this.#followings]) following.stop();
    this.#detach();
  }

  async #started(what: string, loop: SyncLoop, signal: AbortSignal | undefined): Promise<Following> {
    const following = this.#keep(loop);
    const abort = (): void => following.stop();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      signal?.throwIfAborted();
      await loop.start();
      return following;
    } catch (error) {
      following.stop();
      throw this.#options.mapped(what, error, signal);
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  #keep(made: Following): Following {
    const following: Following = {
      get continued() {
        return made.continued;
      },
      stop: () => {
        this.#followings.delete(following);
        made.stop();
      },
    };
    this.#followings.add(following);
    return following;
  }

  #roomSync(room: RoomId, listener: RoomListener, since: string | null): SyncLoop {
    const what = `follow ${room}`;
    const { clock, call } = this.#options;
    const get = (path: string, query: Record<string, string>, signal: AbortSignal): Promise<unknown> =>
      call({ what, method: Method.Get, path, query, options: { signal } });
    return roomSync({
      ...this.#syncOptions(what),
      room,
      listener,
      since,
      clock,
      readState: (signal) => get(`/rooms/${encodeURIComponent(room)}/state`, {}, signal),
      readCreateEvent: (signal) => get(statePath(room, 'm.room.create', ''), { format: 'event' }, signal),
    });
  }

  #syncOptions(what: string): Pick<SyncLoopOptions, 'timers' | 'fraction' | 'request' | 'mail' | 'network'> {
    const { timers, fraction, call, network } = this.#options;
    return {
      timers,
      fraction,
      network,
      mail: this.#mailbox.take,
      request: (query, timeoutMs, signal) =>
        call({ what, method: Method.Get, path: '/sync', query, options: { signal }, timeoutMs }),
    };
  }
}
