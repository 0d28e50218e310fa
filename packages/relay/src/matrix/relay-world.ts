import {
  type ChangeSet,
  type EditAccess,
  type ObjectRegisters,
  type Patch,
  type Replica,
  ROLE_LEVELS,
  type Stop,
  type Timers,
  type UserId,
  WeftError,
} from '@weft/core';
import {
  type Homeserver,
  levelForState,
  OBJECT_EVENT,
  RoomChat,
  type RoomSession,
  stateDigest,
} from '@weft/matrix';
import type { Said } from '@weft/protocol';
import type { LaneLog } from '../lane/lane-log.ts';
import type { LaneWorld } from '../lane/lane-world.ts';
import { type Guests, guestRights } from './guest-rights.ts';

export interface RelayWorldOptions {
  readonly session: RoomSession;
  readonly replica: Replica;
  readonly homeserver: Homeserver;
  readonly timers: Timers;
  /** A fraction in [0, 1), for jitter. */
  readonly fraction: () => number;
  readonly log: LaneLog;
  /** What the relay lets guests do at most. */
  readonly guests: Guests;
}

const LEVELS_EVENT = 'm.room.power_levels';
/** Of guests who may do less than visitors: they move nothing. */
const SPECTATOR_LEVEL = ROLE_LEVELS.visitor - 1;

/** A world as the relay's account follows it: who may do what is what its own synced copy of the room says. */
export class RelayWorld implements LaneWorld {
  readonly replica: Replica;
  readonly #options: RelayWorldOptions;
  readonly #chat: RoomChat;
  readonly #standing = new Set<() => void>();
  readonly #refused = new Set<(refused: ObjectRegisters) => void>();
  readonly #stops: readonly Stop[];
  #levels: ReadonlyMap<UserId, number> = new Map();
  #levelOfObjects = 0;
  /** What somebody may do who is not in the room. */
  #guests: Guests = 'off';
  #isRetracting = false;

  constructor(options: RelayWorldOptions) {
    const { session, homeserver, timers, fraction } = options;
    this.#options = options;
    this.replica = options.replica;
    this.#chat = new RoomChat({ homeserver, room: session.room, timers, fraction, heard: () => undefined });
    this.#read();
    this.#stops = [
      session.on('standing', () => this.#onStanding()),
      session.on('refused', ({ registers }) => this.#onRefused(registers)),
    ];
  }

  get canAdopt(): boolean {
    return this.#options.session.standing.readOnly === null;
  }

  /** Whether the relay is in the room, and the room is still the world. */
  get isServed(): boolean {
    const { membership, replacement, encrypted } = this.#options.session.standing;
    return membership === 'join' && replacement === null && !encrypted;
  }

  /** Who is in the room. */
  get users(): ReadonlySet<UserId> {
    return new Set(this.#levels.keys());
  }

  hear(patch: Patch): ChangeSet {
    return this.#options.session.lane.hear(patch);
  }

  retract(registers: ObjectRegisters): ChangeSet {
    const { lane } = this.#options.session;
    // Whoever asks for it knows: it is not to be told that the room refused it.
    this.#isRetracting = true;
    try {
      lane.refuse(registers, takenBack());
    } finally {
      this.#isRetracting = false;
    }
    return lane.retract(registers);
  }

  access(userId: UserId): EditAccess | null {
    const level = this.#levels.get(userId);
    if (level !== undefined) return { userId, level };
    if (this.#guests === 'off') return null;
    return { userId, level: this.#guests === 'play' ? ROLE_LEVELS.visitor : SPECTATOR_LEVEL };
  }

  /** Whether somebody only looks, whatever they ask for: a guest who may do no more. */
  onlyLooks(user: UserId): boolean {
    return this.#guests === 'look' && !this.#levels.has(user);
  }

  mayWriteRoom(user: UserId): boolean {
    const level = this.#levels.get(user);
    return level !== undefined && level >= this.#levelOfObjects;
  }

  adopt(registers: ObjectRegisters): void {
    this.#options.session.lane.adopt(registers);
  }

  sendMessage(said: Said): void {
    const { log, session } = this.#options;
    this.#chat.say(said).catch((error: unknown) => {
      log.warn({ room: session.room, error }, 'what was said did not get into the room’s chat');
    });
  }

  stateDigest(): string {
    return stateDigest(this.#options.session.state());
  }

  onStanding(listener: () => void): Stop {
    this.#standing.add(listener);
    return () => this.#standing.delete(listener);
  }

  onChange(listener: (change: ChangeSet) => void): Stop {
    return this.#options.session.on('change', listener);
  }

  onRefused(listener: (refused: ObjectRegisters) => void): Stop {
    this.#refused.add(listener);
    return () => this.#refused.delete(listener);
  }

  /** Follows no more; what was adopted and is unsaved stays in the lane's journal. */
  close(): void {
    for (const stop of this.#stops) stop();
    this.#chat.stop();
    this.#options.session.close();
  }

  #onStanding(): void {
    this.#read();
    for (const listener of [...this.#standing]) listener();
  }

  #onRefused(registers: ObjectRegisters): void {
    if (this.#isRetracting) return;
    for (const listener of [...this.#refused]) listener(registers);
  }

  #read(): void {
    const { session, guests } = this.#options;
    const { members } = session.standing;
    this.#levels = new Map(
      members.filter(({ membership }) => membership === 'join').map(({ user, level }) => [user, level]),
    );
    this.#levelOfObjects = levelForState(session.state(LEVELS_EVENT)[0]?.content ?? null, OBJECT_EVENT);
    this.#guests = guestRights(guests, session);
  }
}

function takenBack(): WeftError {
  return new WeftError('forbidden', {
    what: 'write for others what they sent',
    expected: 'what they may write',
    got: 'what was taken back since',
    hint: 'Nothing needs to be done.',
  });
}
