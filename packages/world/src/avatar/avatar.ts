import type { ActorId, UserId } from '@weft/core';
import type { Role } from '@weft/matrix';
import type { AvatarModel, AvatarState, MoverPose } from '@weft/protocol';

/** Somebody who entered the world and is there now: one client of theirs. The same object for as long as they are there. */
export interface Avatar {
  readonly user: UserId;
  /** The device that the relay names; for telling two clients of a user apart. */
  readonly device: string;
  /** The running client. */
  readonly actor: ActorId;
  /** Whether it is this client's own. */
  readonly own: boolean;
  /** The display name in this room, else the user id. */
  readonly name: string;
  readonly role: Role;
  /** What they wear, as the room's state says, else their profile; `null` for nothing that is known. */
  readonly model: AvatarModel | null;
  /** What they do now; `stand` while nothing is known. */
  readonly state: AvatarState;
  readonly speaking: boolean;
  /**
   * Where they are, in the world's coordinates. Costs microseconds: ask for it with each frame that is drawn.
   *
   * @param timeMs a moment of the local clock, within the last second; default now
   * @returns `null` while they are out of sight, or nothing is known
   */
  poseAt(timeMs?: number): MoverPose | null;
}

/** Whose avatar it is, and where that is. */
export interface AvatarSource {
  readonly user: UserId;
  readonly device: string;
  readonly actor: ActorId;
  poseAt(timeMs: number): MoverPose | null;
}

/** What a room says of whoever has it. */
export interface AvatarFacts {
  readonly name: string;
  readonly role: Role;
  readonly model: AvatarModel | null;
}

/** An avatar whose facts may change while it is the same. */
export class SourcedAvatar implements Avatar {
  readonly user: UserId;
  readonly device: string;
  readonly actor: ActorId;
  readonly own: boolean;
  readonly #source: AvatarSource;
  readonly #now: () => number;
  #facts: AvatarFacts;

  constructor(source: AvatarSource, own: boolean, facts: AvatarFacts, now: () => number) {
    this.user = source.user;
    this.device = source.device;
    this.actor = source.actor;
    this.own = own;
    this.#source = source;
    this.#facts = facts;
    this.#now = now;
  }

  get name(): string {
    return this.#facts.name;
  }

  get role(): Role {
    return this.#facts.role;
  }

  get model(): AvatarModel | null {
    return this.#facts.model;
  }

  get state(): AvatarState {
    return this.poseAt()?.state ?? 'stand';
  }

  get speaking(): boolean {
    return this.poseAt()?.speaking ?? false;
  }

  poseAt(timeMs = this.#now()): MoverPose | null {
    return this.#source.poseAt(timeMs);
  }

  /** @returns whether anything of it is another */
  update(facts: AvatarFacts): boolean {
    const before = this.#facts;
    this.#facts = facts;
    return before.name !== facts.name || before.role !== facts.role || before.model !== facts.model;
  }
}
