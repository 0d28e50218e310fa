import type { ObjectId, Patch, Path, Register } from '@weft/core';
import type { EventId } from '../ids.ts';

/** One of this user's own carriers of many objects, as the room holds it. */
export interface OwnCarrier {
  readonly event: EventId;
  /** `origin_server_ts`, in milliseconds. */
  readonly atMs: number;
  /** Of its content as canonical JSON, or of its blob. */
  readonly bytes: number;
  readonly isBlob: boolean;
  /** What it says; `null` while its blob is not here: it must not be replaced. */
  readonly patch: Patch | null;
}

/** What the room's state carries, as far as the planner asks. */
export interface Carried {
  /** State events of Weft types. */
  readonly keys: number;
  hasObjectEvent(id: ObjectId): boolean;
  /** What the object's own event says, where this user sent it. */
  ownObjectEvent(id: ObjectId): Patch | null;
  /** Whether the object's own event holds all that wins of it. */
  isShown(id: ObjectId): boolean;
  bundle(slot: number): OwnCarrier | null;
  layer(slot: number): OwnCarrier | null;
  personal(): OwnCarrier | null;
  /**
   * Whether a carrier that has been there for a day holds the register, or something newer in its place; this user's
   * bundles in these slots do not count.
   */
  isKept(id: ObjectId, path: Path, register: Register, exceptSlots: ReadonlySet<number>): boolean;
}

/** What this user may write, as far as it is known here. */
export interface Rights {
  mayWrite(type: string): boolean;
}
