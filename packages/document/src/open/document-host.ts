import type { ActorId, Contribution, ObjectId, Path, RandomBytes, Register, Timers, Value } from '@weft/core';

/** What an editor shows of itself in one document: a cursor, a name, a colour. */
export type AwarenessState = Readonly<Record<string, Value>>;

/** The lane as documents see it. Messages go to this client's relay, and come from any. */
export interface DocumentLane {
  /** `false` where no relay is live: nothing was sent. */
  send(object: ObjectId, bytes: Uint8Array): boolean;
  /** Actors of the others who are there. */
  others(): Iterable<ActorId>;
}

/** What documents need of the world that they are in. */
export interface DocumentHost {
  readonly actor: ActorId;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly lane: DocumentLane;
  /** Milliseconds since 1970, corrected. */
  nowMs(): number;
  /** The winning registers of an object, visible or not. */
  registers(object: ObjectId): ReadonlyMap<Path, Register> | undefined;
  /** Whether this user may change the document of an object now. */
  mayEdit(object: ObjectId): boolean;
  /** Puts a contribution into a slot. @throws WeftError */
  contribute(object: ObjectId, contribution: Pick<Contribution, 'slot' | 'update'>): void;
  /** Begins another epoch. @throws WeftError */
  beginEpoch(object: ObjectId, epoch: string): void;
  /** Shows to others what this editor says of itself in a document; `null` for nothing. */
  showAwareness(object: ObjectId, state: AwarenessState | null): void;
}
