import type { ActorId, ObjectId, RandomBytes, Timers, UserId } from '@weft/core';
import type { DownFrame, RunId, Session, UpFrame } from '@weft/protocol';
import type { JournalRecord } from '../journal/journal-record.ts';
import type { LaneWorld } from './lane-world.ts';

/** Somebody who is in the room now, as parts of it see them. */
export interface LanePerson {
  readonly session: Session;
  readonly user: UserId;
  readonly device: string;
  readonly actor: ActorId;
  /** Power level in the room; infinite for the creators of a version 12 room. */
  readonly level: number;
  readonly mode: 'play' | 'read';
}

/** `steady` is never dropped (a reader who falls too far behind is closed), of `fleeting` the oldest go first. */
export type Urgency = 'steady' | 'fleeting';

/** What a room lends to its parts. */
export interface LaneHost {
  readonly world: LaneWorld;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly run: RunId;
  people(): Iterable<LanePerson>;
  person(session: Session): LanePerson | undefined;
  send(to: Session, frame: DownFrame, urgency: Urgency): void;
  /** Encodes once, for everybody but one. */
  broadcast(frame: DownFrame, urgency: Urgency, except?: Session): void;
  /** Whether what is sent to this socket goes out soon, and after all that was sent before. */
  isReady(session: Session): boolean;
  /** Sends bytes of a frame that may be lost, for whoever asked whether the socket is ready. */
  sendBytes(to: Session, message: Uint8Array): void;
  /** For how long nothing was heard of a socket, in milliseconds. */
  quietMs(session: Session): number;
  /** Asks a socket whether somebody is there. */
  ping(session: Session): void;
  expel(session: Session, code: number, reason: string): void;
  /** Keeps a record of the part's own kind with the next commit; `key` is what it is about, such as an object's id. */
  keep(key: string, body: Uint8Array): void;
  /** Replaces all kept records of a key by one, or by none. */
  keepOnly(key: string, body: Uint8Array | null): void;
  /** Calls back once everything kept so far survives the end of this process. */
  whenKept(run: () => void): void;
}

/** What lives in a room beside its graph: shared documents, presence, poses. */
export interface LanePart {
  /** The kind under which its records are kept; `null` where it keeps none. */
  readonly kind: JournalRecord['kind'] | null;
  /** The frames that it takes; each kind has one part at most. */
  readonly takes: ReadonlySet<UpFrame['type']>;
  /** Records of earlier runs, in order, before anybody comes in. */
  load(records: readonly JournalRecord[]): void;
  /** After welcome and before anything else is sent: what a newcomer has to know. */
  joined(person: LanePerson): void;
  /** The person's level is another one now. */
  changed(person: LanePerson): void;
  left(person: LanePerson): void;
  receive(person: LanePerson, frame: UpFrame): void;
  /** Whether a user has an avatar here, as far as this part knows. */
  hasAvatar(user: UserId): boolean;
  /** Another socket holds the lease of an object, or none any more. */
  leased(object: ObjectId, holder: Session | null): void;
  /** Stops its timers. */
  close(): void;
}

export type MakeLanePart = (host: LaneHost) => LanePart;
