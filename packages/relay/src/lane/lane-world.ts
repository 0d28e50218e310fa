import type { ChangeSet, EditAccess, ObjectRegisters, Patch, Replica, Stop, UserId } from '@weft/core';
import type { Said } from '@weft/protocol';

/** What a lane needs of the relay's own copy of a world, which its Matrix account keeps. */
export interface LaneWorld {
  /** To read from; what the lane joins goes through `hear` and `retract`, so that all who follow the world are told. */
  readonly replica: Replica;
  /** Joins what was accepted from somebody on the lane. */
  hear(patch: Patch): ChangeSet;
  /** Drops what was heard or adopted, unless the base holds it: nothing of it is written to the room any more. */
  retract(registers: ObjectRegisters): ChangeSet;
  /** What a user may do now; `null` for one who is not joined. Stays as it was while the homeserver is away. */
  access(user: UserId): EditAccess | null;
  /** Whether the room takes object events of that user: if not, only the relay can bring their work there. */
  mayWriteRoom(user: UserId): boolean;
  /** Whether the relay's account may write objects to the room. */
  readonly canAdopt: boolean;
  /** Makes what was heard the relay's own to write, under its old stamps. */
  adopt(registers: ObjectRegisters): void;
  /** Queues a chat message of the relay's account that says whose words these are. */
  sendMessage(said: Said): void;
  /** A hash of the room's state events as this account sees them. */
  stateDigest(): string;
  /** Called after any change of members or power levels. */
  onStanding(listener: () => void): Stop;
  /** Called after any change of the replica, those by `hear` and `retract` included. */
  onChange(listener: (change: ChangeSet) => void): Stop;
  /** Called with what was adopted and the room refused for good; the replica dropped it already. */
  onRefused(listener: (refused: ObjectRegisters) => void): Stop;
}
