import type { RandomBytes, Timers, UserId } from '@weft/core';
import { type Following, type Homeserver, type Invitation, serverOf } from '@weft/matrix';
import type { TicketPurpose } from '@weft/protocol';
import type { TicketOffice } from '../admission/ticket-office.ts';
import type { RelayConfig } from '../config/relay-config.ts';
import type { LaneLog } from '../lane/lane-log.ts';
import type { LaneRoom } from '../lane/lane-room.ts';
import type { ServedWorlds } from '../server/served-worlds.ts';
import { AllowedWorlds } from './allowed-worlds.ts';
import { FollowedWorlds } from './followed-worlds.ts';
import type { RelayWorld } from './relay-world.ts';
import { TicketClerk } from './ticket-clerk.ts';
import type { WorldRooms } from './world-rooms.ts';

export interface RelayAccountOptions {
  /** Signed in as the relay's own user; stopped with the account. */
  readonly homeserver: Homeserver;
  readonly worlds: RelayConfig['worlds'];
  readonly rooms: WorldRooms;
  readonly office: Pick<TicketOffice, 'issue'>;
  /** What a user was given for a world is void: they are not in it any more. */
  readonly revoke: (user: UserId, room: string) => void;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly log: LaneLog;
}

/**
 * The Matrix side of a relay: an account that goes into the worlds that it is asked into, follows who may do what there, and
 * gives tickets to whom the homeservers vouch for. While its homeserver is away those inside stay, nobody new comes in, and
 * nobody gains a right.
 */
export class RelayAccount implements ServedWorlds {
  readonly userId: UserId;
  readonly #options: RelayAccountOptions;
  readonly #allowed: AllowedWorlds;
  readonly #followed: FollowedWorlds;
  readonly #clerk: TicketClerk;
  #lobby: Following | null = null;
  #isOnline = false;
  /** When the homeserver was last there, while it is away. */
  #lastMs: number | null = null;
  #isDraining = false;
  #closing: Promise<void> | null = null;

  /**
   * Begins to serve: the worlds that the account is in already and those that are named come in one by one, each as soon as
   * it was read.
   *
   * @throws HomeserverError where the homeserver does not answer
   */
  static async open(options: RelayAccountOptions): Promise<RelayAccount> {
    const account = new RelayAccount(options);
    try {
      await account.#start();
      return account;
    } catch (error) {
      await account.close();
      throw error;
    }
  }

  private constructor(options: RelayAccountOptions) {
    const { homeserver, worlds, rooms, office, revoke, timers, random, log } = options;
    this.#options = options;
    this.userId = homeserver.userId;
    this.#allowed = new AllowedWorlds(worlds.allowed);
    this.#followed = new FollowedWorlds({
      ...{ homeserver, rooms, timers, random, log, left: revoke },
      ...{ most: worlds.most, guests: worlds.guests },
    });
    this.#clerk = new TicketClerk({
      ...{ homeserver, office, timers, log },
      mayEnter: (room, user) => this.mayEnter(room, user, 'lane'),
      onChange: (listener) => this.#followed.onChange(listener),
      isDraining: () => this.#isDraining,
    });
  }

  get count(): number {
    return this.#followed.count;
  }

  mayEnter(room: string, user: UserId, _purpose: TicketPurpose): boolean {
    const access = this.#followed.of(room)?.access(user) ?? null;
    return access !== null;
  }

  roomOf(room: string): LaneRoom | null {
    const lane = this.#options.rooms.of(room);
    const world = this.#followed.of(room);
    return lane === null || world === null ? null : forGuests(lane, world);
  }

  lastAnswerMs(): number | null {
    return this.#isOnline ? this.#options.timers.now() : this.#lastMs;
  }

  async drain(inMs: number): Promise<void> {
    this.#isDraining = true;
    await this.#options.rooms.drain(inMs);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#lobby?.stop();
    this.#clerk.stop();
    await this.#followed.close();
    await this.#options.rooms.closeAll();
    this.#options.homeserver.stop();
  }

  async #start(): Promise<void> {
    const { homeserver, log } = this.#options;
    this.#lobby = await homeserver.enterLobby({
      invited: (invitation) => this.#onInvitation(invitation),
      connection: (state, reason) => {
        if (this.#isOnline && state === 'offline') {
          this.#lastMs = this.#options.timers.now();
          log.warn({ error: reason }, 'the homeserver is away: nobody new comes in');
        }
        this.#isOnline = state === 'online';
      },
    });
    const joined = await homeserver.joinedRooms();
    for (const room of joined) if (this.#allowed.keeps(room)) void this.#followed.add(room, []);
    for (const named of this.#allowed.named)
      if (!joined.some((room) => room === named)) void this.#enterNamed(named);
  }

  async #enterNamed(named: AllowedWorlds['named'][number]): Promise<void> {
    const room = await this.#followed.add(named, []);
    if (room !== null) this.#allowed.add(room);
  }

  #onInvitation({ room, by, isWorld }: Invitation): void {
    const { log } = this.#options;
    if (!isWorld || !this.#allowed.admits(room, by)) {
      log.info({ room, inviter: by, isWorld }, 'an invitation is left unanswered');
      return;
    }
    const server = serverOf(by);
    void this.#followed.add(room, server === null ? [] : [server]);
  }
}

/** Whoever may only look comes in as one who only looks, whatever they say. */
function forGuests(lane: LaneRoom, world: RelayWorld): LaneRoom {
  return {
    get run() {
      return lane.run;
    },
    get isKeeping() {
      return lane.isKeeping;
    },
    people: () => lane.people(),
    join: (admitted, socket) =>
      world.onlyLooks(admitted.user)
        ? lane.join({ ...admitted, hello: { ...admitted.hello, mode: 'read' } }, socket)
        : lane.join(admitted, socket),
    write: (user, patch) => lane.write(user, patch),
    say: (user, text) => lane.say(user, text),
    drain: (inMs) => lane.drain(inMs),
    close: () => lane.close(),
  };
}
