import {
  type ActorId,
  type ChangeSet,
  type EditAccess,
  emptyPatch,
  join,
  type ObjectRegisters,
  type Patch,
  Replica,
  ROLE_LEVELS,
  type Stop,
  type UserId,
} from '@weft/core';
import type { Said } from '@weft/protocol';
import type { LaneWorld } from '@weft/relay';

/** A relay's copy of a world in memory; what the room does to it is the test's. */
export class TwinLaneWorld implements LaneWorld {
  readonly replica: Replica;
  canAdopt = true;
  /** What was adopted, in order. */
  readonly adopted: ObjectRegisters[] = [];
  /** What the room's chat was given. */
  readonly messages: Said[] = [];
  readonly #levels: Map<UserId, number>;
  readonly #standing = new Set<() => void>();
  readonly #change = new Set<(change: ChangeSet) => void>();
  readonly #refused = new Set<(refused: ObjectRegisters) => void>();
  #state: Patch = emptyPatch;

  constructor(options: {
    readonly actor: ActorId;
    readonly now: () => number;
    readonly levels: Iterable<readonly [UserId, number]>;
  }) {
    this.replica = new Replica(options);
    this.#levels = new Map(options.levels);
  }

  /** What the room holds: what was given to `settle`. */
  get state(): Patch {
    return this.#state;
  }

  /** What each user may do. */
  get levels(): ReadonlyMap<UserId, number> {
    return new Map(this.#levels);
  }

  hear(patch: Patch): ChangeSet {
    return this.#tell(this.replica.hear(patch));
  }

  retract(registers: ObjectRegisters): ChangeSet {
    this.#tell(this.replica.refuse(registers));
    return this.#tell(this.replica.retractLive(registers));
  }

  access(userId: UserId): EditAccess | null {
    const level = this.#levels.get(userId);
    return level === undefined ? null : { userId, level };
  }

  mayWriteRoom(user: UserId): boolean {
    return (this.#levels.get(user) ?? -1) >= ROLE_LEVELS.builder;
  }

  adopt(registers: ObjectRegisters): void {
    this.adopted.push(registers);
    this.replica.adopt(registers);
  }

  sendMessage(said: Said): void {
    this.messages.push(said);
  }

  stateDigest(): string {
    return this.replica.setHash();
  }

  onStanding(listener: () => void): Stop {
    return added(this.#standing, listener);
  }

  onChange(listener: (change: ChangeSet) => void): Stop {
    return added(this.#change, listener);
  }

  onRefused(listener: (refused: ObjectRegisters) => void): Stop {
    return added(this.#refused, listener);
  }

  /** The room changed what a user may do; `null` puts them out. */
  setLevel(user: UserId, level: number | null): void {
    if (level === null) this.#levels.delete(user);
    else this.#levels.set(user, level);
    for (const listener of this.#standing) listener();
  }

  /** The room's state holds this from now on. */
  settle(patch: Patch): void {
    this.#state = join(this.#state, patch);
    this.#tell(this.replica.receive(patch, 'matrix'));
  }

  /** The room refuses for good what was adopted. */
  refuse(registers: ObjectRegisters): void {
    this.#tell(this.replica.refuse(registers));
    for (const listener of this.#refused) listener(registers);
  }

  #tell(change: ChangeSet): ChangeSet {
    for (const listener of this.#change) listener(change);
    return change;
  }
}

function added<T>(listeners: Set<T>, listener: T): Stop {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
