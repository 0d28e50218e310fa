import type { ActorId, ObjectId, ObjectRegisters, Patch, Path, Register, UserId } from '@weft/core';

/** Why the relay, or everybody after it, refuses one register or a whole object of an own edit. */
export interface LaneProblem {
  readonly id: ObjectId;
  readonly path: Path | null;
  readonly code: string;
  readonly message: string;
  /** What is there instead, where the relay knows it. */
  readonly winner: Register | null;
}

/** What the lane needs of a replica. Nothing here is called back into the lane before it returns. */
export interface LaneReplica {
  /** The actor of this run. */
  readonly actor: ActorId;
  /** The actors of earlier runs on this device, whose edits may still be on their way. */
  readonly former: readonly ActorId[];
  /** Who an actor is said to be; more than one is a dispute. */
  usersOf(actor: ActorId): ReadonlySet<UserId>;
  /** The hash of the base, by which a relay knows that it need send none of it. */
  setHash(): string;
  /** Joins what others wrote, be it sent by a relay one by one or as the file of a whole world: shows it at once. */
  hear(patch: Patch): void;
  /** `hear` of what another client says of itself, with no relay between: no journal stands behind it. */
  overhear(patch: Patch): void;
  /** Takes back what was heard and is none of the room's: the scene falls back to the base. */
  retractLive(registers: ObjectRegisters): void;
  /**
   * A relay had everybody drop these: what was heard goes as by `retractLive`, and of own edits those that nobody but a relay
   * can bring to the room, since its author may not write there.
   */
  takeBack(registers: ObjectRegisters): void;
  /** What was heard and the room is not known to hold; of each property the newest. */
  live(): Patch;
  /** Own edits are on their way to a relay, which may have them from now on; they show by the end of this turn. */
  sent(registers: ObjectRegisters): void;
  /** Own edits that a relay keeps from now on. What is no more pending is passed over. */
  hold(registers: ObjectRegisters): void;
  /** Own edits that a relay refuses: they leave the scene, which shows what was sent before, and their author is told. */
  refuse(registers: ObjectRegisters, problems: readonly LaneProblem[]): void;
  /** No relay is known to keep anything any more: what was held is on its way again. */
  forgetHeld(): void;
  /** Own edits that neither the room nor a relay is known to hold, those of former actors included. */
  unheld(): Patch;
  /** Own edits that the room is not known to hold, whatever a relay does; those of former actors included. */
  own(): Patch;
}
