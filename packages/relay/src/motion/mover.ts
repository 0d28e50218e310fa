import type { ObjectId } from '@weft/core';
import {
  type MoverEntry,
  type MoverHandle,
  type PartSet,
  type QuantisedPose,
  type Session,
  writePoseUpdate,
} from '@weft/protocol';
import { Cell } from './cell.ts';

/** Poses that were told before, from which a reader who is behind is told what changed. */
const REMEMBERED = 32;

export interface MoverParts {
  readonly handle: MoverHandle;
  /** Its place in lists; given again when it is gone. */
  readonly slot: number;
  readonly session: Session;
  /** `null` for an avatar. */
  readonly object: ObjectId | null;
  readonly parts: PartSet;
}

/** What one socket moves: its newest pose, those that were told before, and their bytes, which readers share. */
export class Mover {
  readonly handle: MoverHandle;
  readonly slot: number;
  readonly session: Session;
  readonly object: ObjectId | null;
  readonly parts: PartSet;
  /** Where it is on the ground; `null` until it was told of. */
  cell: Cell | null = null;
  /** Where it was before its newest pose was told. */
  cellBefore: Cell | null = null;
  /** Whether it is no more: lists that are kept for a while may still hold it. */
  isGone = false;
  /** Grows with each pose that is told; 0 before the first. */
  version = 0;
  readonly #told: (QuantisedPose | undefined)[] = Array(REMEMBERED).fill(undefined);
  #heard: QuantisedPose | null = null;
  #heardAtMs = Number.NEGATIVE_INFINITY;
  #isTeleported = false;
  #atMs = 0;
  #teleportedIn = 0;
  /** When as many poses as there may be were told, by the rate. */
  #dueMs = Number.NEGATIVE_INFINITY;
  /** What readers are told now, by what they were told last. */
  readonly #updates: (Uint8Array | undefined)[] = Array(REMEMBERED).fill(undefined);
  /** The same for those who know nothing of it, or too little. */
  #whole: Uint8Array | null = null;
  #updatesAtMs = Number.NaN;

  constructor({ handle, slot, session, object, parts }: MoverParts) {
    this.handle = handle;
    this.slot = slot;
    this.session = session;
    this.object = object;
    this.parts = parts;
  }

  get entry(): MoverEntry {
    const { handle, session, object, parts } = this;
    return { handle, session, object, parts };
  }

  /** The pose that was told last. */
  get pose(): QuantisedPose | null {
    return this.#told[this.version % REMEMBERED] ?? null;
  }

  /** Takes its newest pose. What was not told yet is passed over. @param atMs when it stood so; never earlier than before */
  hear(pose: QuantisedPose, atMs: number, teleported: boolean): void {
    this.#heard = pose;
    this.#heardAtMs = Math.max(this.#heardAtMs, atMs);
    this.#isTeleported ||= teleported;
  }

  /** How long its newest pose has to wait for those that were told, in milliseconds. @param everyMs how often it is told */
  waitMs(nowMs: number, everyMs: number): number {
    // A clock that was set back must not silence it.
    if (this.#dueMs > nowMs + 2 * everyMs) this.#dueMs = nowMs;
    return Math.max(0, this.#dueMs - everyMs - nowMs);
  }

  /** Its newest pose is the one that is told from now on. @returns whether it is in another cell than before */
  release(nowMs: number, everyMs: number): boolean {
    const heard = this.#heard;
    if (heard === null) return false;
    this.#heard = null;
    this.#dueMs = Math.max(nowMs, this.#dueMs) + everyMs;
    this.version += 1;
    this.#told[this.version % REMEMBERED] = heard;
    this.#atMs = this.#heardAtMs;
    this.#forget();
    if (this.#isTeleported) this.#teleportedIn = this.version;
    this.#isTeleported = false;
    const [x = 0, , z = 0] = heard.numbers;
    this.cellBefore = this.cell;
    this.cell = this.cell?.followedTo(x, z) ?? new Cell(x, z);
    return this.cell !== this.cellBefore;
  }

  /** The bytes for readers who were told that version last, 0 for none. Made once for all of them. */
  updateSince(version: number, nowMs: number): Uint8Array {
    if (this.#updatesAtMs !== nowMs) this.#forget();
    this.#updatesAtMs = nowMs;
    if (version === 0 || this.version - version >= REMEMBERED) {
      // Shared by those who know nothing of it: to them a jump says nothing either.
      this.#whole ??= this.#write(null, nowMs, this.#teleportedIn > 0);
      return this.#whole;
    }
    const at = version % REMEMBERED;
    const known = this.#updates[at];
    if (known !== undefined) return known;
    const update = this.#write(this.#told[at] ?? null, nowMs, this.#teleportedIn > version);
    this.#updates[at] = update;
    return update;
  }

  #write(baseline: QuantisedPose | null, nowMs: number, teleported: boolean): Uint8Array {
    const { handle, pose } = this;
    if (pose === null) throw new RangeError(`mover ${handle} was told of before it stood anywhere`);
    return writePoseUpdate({ handle, pose, baseline, ageMs: nowMs - this.#atMs, teleported });
  }

  #forget(): void {
    this.#updates.fill(undefined);
    this.#whole = null;
  }
}
