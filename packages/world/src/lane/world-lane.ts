import {
  Cell,
  entriesOf,
  type ObjectId,
  type ObjectRegisters,
  type Patch,
  type Readable,
  type Replica,
  type Stop,
  type UserId,
} from '@weft/core';
import type { Channel, LaneReplica, LaneStatus } from '@weft/live';
import { HomeserverError, type RoomSession } from '@weft/matrix';
import { readSay, SAY_EVENT, type Said, sayData } from '@weft/protocol';
import type { RelayAccess } from '../assets/relay-access.ts';
import { checkEvent, RESERVED_EVENT_PREFIX, type WorldEvent } from './lane-event.ts';
import { claimedBy, claimsJust, laneReplicaOf } from './lane-replica.ts';

/** A lane that looks for a relay by itself. */
export interface OpenedLane {
  readonly channel: Channel;
  /** The relays that this client is on; absent where there are never any. */
  readonly relays?: RelayAccess;
  /** Called once the channel is closed. */
  stop(): void;
}

/** Opens the live lane of a world. */
export type OpenLane = (replica: LaneReplica, failed: (error: unknown) => void) => OpenedLane;

export interface WorldLanePorts {
  readonly session: RoomSession;
  readonly replica: Replica;
  readonly userId: UserId;
  /** `null` where edits travel with the room alone. */
  readonly open: OpenLane | null;
  /** How edits travel, or who is there, may have changed. */
  readonly changed: () => void;
  readonly event: (event: WorldEvent) => void;
  readonly said: (user: UserId, said: Said) => void;
  /** Something goes on without. */
  readonly failed: (error: unknown) => void;
}

const NOBODY: ReadonlySet<UserId> = new Set();
/** Where the way to a relay has come to its first end, good or bad. */
const DECIDED: ReadonlySet<LaneStatus['stage']> = new Set(['live', 'waiting', 'off']);

/** The live lane of an open world: brings it what others do, and others what it does. */
export class WorldLane {
  /** Documents, presence, leases and whatever else others bring; `null` where there is no lane. */
  readonly channel: Channel | null;
  /** Who is on this client's relay, or takes edits of this device; this user included where anybody is. */
  readonly users: Readable<ReadonlySet<UserId>>;
  readonly #user: UserId;
  readonly #replica: Replica;
  readonly #opened: OpenedLane | null;
  readonly #stops: readonly Stop[];
  #isDecided: boolean;

  constructor({ session, replica, userId, open, changed, event, said, failed }: WorldLanePorts) {
    this.#user = userId;
    this.#replica = replica;
    this.#opened = open?.(laneReplicaOf(session, replica, userId), failed) ?? null;
    const channel = this.#opened?.channel ?? null;
    const users = new Cell<ReadonlySet<UserId>>(NOBODY);
    const update = (): void => {
      if (channel !== null) users.set(usersOn(channel, userId));
      this.#isDecided ||= channel !== null && DECIDED.has(channel.status.value.stage);
      changed();
    };
    this.channel = channel;
    this.users = users;
    this.#isDecided = channel === null;
    this.#stops =
      channel === null
        ? []
        : [
            channel.status.subscribe(update),
            channel.people.subscribe(update),
            channel.on('event', ({ target, name, data, user }) => {
              const saying = name === SAY_EVENT ? readSay(data) : null;
              if (saying !== null) said(user, saying);
              if (!name.startsWith(RESERVED_EVENT_PREFIX)) event({ object: target, name, data, user });
            }),
          ];
  }

  /** `null` where there is no lane, or none over relays. */
  get relays(): RelayAccess | null {
    return this.#opened?.relays ?? null;
  }

  /** `null` where there is no lane. */
  get status(): LaneStatus | null {
    return this.channel?.status.value ?? null;
  }

  /** Whether it is not known yet, for the first time since the world was opened, if there is a relay. */
  get isConnecting(): boolean {
    return !this.#isDecided;
  }

  /** Sends an edit that the replica is about to show. What a file brought under the stamps of others goes with the room alone. */
  send(patch: Patch): void {
    if (this.channel === null) return;
    const { actor } = this.#replica.clock;
    const entries = [...entriesOf(patch)];
    const own = entries.filter(({ register }) => register.stamp.actor === actor);
    const isOwn = own.length === entries.length && claimsJust(patch, actor, this.#user);
    if (own.length > 0) this.channel.send(isOwn ? patch : claimedBy(this.#user, own));
  }

  /** Own edits became pending by themselves. */
  resumed(): void {
    this.channel?.renew();
  }

  /** Own edits are refused for good. What the relay refused nobody has; what the room refused everybody on the lane shows. */
  refused(registers: ObjectRegisters, error: Error): void {
    if (error instanceof HomeserverError) this.channel?.retract(registers);
  }

  /** See `World.emit`. */
  emit(object: ObjectId | null, name: string, data: unknown): boolean {
    const value = checkEvent(name, data);
    return this.channel?.emit(name, value, { target: object }) ?? false;
  }

  /** Brings what this user says to those who are there. */
  say(said: Said): void {
    this.channel?.emit(SAY_EVENT, sayData(said));
  }

  async close(): Promise<void> {
    for (const stop of this.#stops) stop();
    await this.channel?.close();
    this.#opened?.stop();
  }
}

/** A relay names this client among those on it; peers are all others. */
function usersOn({ people, status }: Channel, own: UserId): ReadonlySet<UserId> {
  const users = people.value.map(({ user }) => user);
  return new Set(status.value.lane === 'peer' ? [own, ...users] : users);
}
