import {
  type Backoff,
  backoffMs,
  fraction,
  newActorId,
  type RandomBytes,
  Replica,
  type Stop,
  type Timers,
  type UserId,
} from '@weft/core';
import {
  type Homeserver,
  HomeserverError,
  newestRoom,
  openRoom,
  type RoomAlias,
  type RoomId,
} from '@weft/matrix';
import type { LaneLog } from '../lane/lane-log.ts';
import type { Guests } from './guest-rights.ts';
import { RelayWorld } from './relay-world.ts';
import type { WorldRooms } from './world-rooms.ts';

export interface FollowedWorldsOptions {
  readonly homeserver: Homeserver;
  readonly rooms: WorldRooms;
  /** Worlds at once. */
  readonly most: number;
  readonly guests: Guests;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly log: LaneLog;
  /** Somebody is not in a world any more: what they were given for it is void. */
  readonly left: (user: UserId, room: RoomId) => void;
}

const RETRY: Backoff = { firstMs: 1000, maxMs: 60_000 };
/** As often as this is tried again, some eight minutes; an invitation or a start begins anew. */
const MAX_ATTEMPTS = 12;

/** The worlds that a relay's account is in: opens each, serves it while the account is in it, and goes with its upgrades. */
export class FollowedWorlds {
  readonly #options: FollowedWorldsOptions;
  readonly #worlds = new Map<RoomId, RelayWorld>();
  /** Being opened, or waiting to be, as they were asked for. */
  readonly #opening = new Set<RoomId | RoomAlias>();
  /** Read, and about to be served. */
  readonly #entering = new Set<RoomId>();
  readonly #listeners = new Set<() => void>();
  readonly #abort = new AbortController();
  readonly #stops = new Set<Stop>();

  constructor(options: FollowedWorldsOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#worlds.size;
  }

  of(room: string): RelayWorld | null {
    for (const [id, world] of this.#worlds) if (id === room) return world;
    return null;
  }

  /** Called after a world came or went, and after any change of who may do what. */
  onChange(listener: () => void): Stop {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Goes into a world and serves it; what fails for a while is tried again. Resolves with the room once that is over, with
   * `null` where it came to nothing.
   */
  async add(room: RoomId | RoomAlias, via: readonly string[]): Promise<RoomId | null> {
    const { most, log } = this.#options;
    if (this.#opening.has(room) || this.of(room) !== null) return null;
    if (this.#worlds.size + this.#opening.size >= most) {
      log.warn({ room, most }, 'no more worlds are served: this one is left');
      return null;
    }
    this.#opening.add(room);
    try {
      return await this.#patiently(room, via);
    } finally {
      this.#opening.delete(room);
    }
  }

  async close(): Promise<void> {
    this.#abort.abort();
    for (const stop of this.#stops) stop();
    await Promise.all([...this.#worlds.keys()].map((room) => this.#remove(room, 'the relay stops')));
  }

  async #patiently(room: RoomId | RoomAlias, via: readonly string[]): Promise<RoomId | null> {
    const { log } = this.#options;
    for (let attempt = 1; !this.#abort.signal.aborted; attempt += 1) {
      try {
        return await this.#open(room, via);
      } catch (error) {
        const isOver = attempt === MAX_ATTEMPTS || !(error instanceof HomeserverError && error.retry);
        log.warn({ room, attempt, error }, isOver ? 'a world is not served' : 'a world is not served yet');
        if (isOver) return null;
        await this.#pause(attempt, error);
      }
    }
    return null;
  }

  async #open(asked: RoomId | RoomAlias, via: readonly string[]): Promise<RoomId> {
    const { homeserver, rooms, timers, random, guests, log } = this.#options;
    const { signal } = this.#abort;
    const replica = new Replica({
      actor: newActorId(random),
      now: () => timers.now() + homeserver.serverOffsetMs(),
    });
    const session = await openRoom({
      ...{ homeserver, room: asked, via, replica, timers, random, signal },
      guardian: true,
    });
    const { room } = session;
    // Two names may lead to one room.
    if (this.#worlds.has(room) || this.#entering.has(room)) {
      session.close();
      return room;
    }
    this.#entering.add(room);
    const jitter = (): number => fraction(random);
    const world = new RelayWorld({ session, replica, homeserver, timers, fraction: jitter, log, guests });
    try {
      await rooms.open(room, world);
      signal.throwIfAborted();
    } catch (error) {
      await rooms.close(room);
      world.close();
      throw error;
    } finally {
      this.#entering.delete(room);
    }
    this.#worlds.set(room, world);
    this.#follow(room, world);
    log.info({ room, worlds: this.#worlds.size }, 'a world is served');
    this.#changed();
    return room;
  }

  #follow(room: RoomId, world: RelayWorld): void {
    let users = world.users;
    world.onStanding(() => {
      const now = world.users;
      for (const user of users.difference(now)) this.#options.left(user, room);
      users = now;
      this.#changed();
      if (!world.isServed) void this.#leave(room);
    });
    if (!world.isServed) void this.#leave(room);
  }

  /** The account was put out of it, or another room took its place. */
  async #leave(room: RoomId): Promise<void> {
    if (!this.#worlds.has(room)) return;
    await this.#remove(room, 'the relay is not in it any more, or it was replaced');
    const { homeserver, log } = this.#options;
    try {
      const newest = await newestRoom(homeserver, room, [], { signal: this.#abort.signal });
      if (newest !== room) await this.add(newest, []);
    } catch (error) {
      log.info({ room, error }, 'no world took its place');
    }
  }

  async #remove(room: RoomId, why: string): Promise<void> {
    const world = this.#worlds.get(room);
    this.#worlds.delete(room);
    this.#changed();
    this.#options.log.info({ room, why }, 'a world is served no more');
    await this.#options.rooms.close(room);
    world?.close();
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #pause(attempt: number, error: unknown): Promise<void> {
    const { timers, random } = this.#options;
    const asked = error instanceof HomeserverError ? error.retryAfterMs : null;
    const delayMs = asked ?? backoffMs(RETRY, attempt, fraction(random));
    return new Promise((resolve) => {
      const cancel = timers.after(delayMs, () => end());
      const end = (): void => {
        cancel();
        this.#stops.delete(end);
        resolve();
      };
      this.#stops.add(end);
    });
  }
}
