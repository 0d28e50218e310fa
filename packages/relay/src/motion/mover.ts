import type { ObjectId } from '@weft/core';
import {
  type FlowPoint,
  type FlowUpdate,
  MAX_FLOW_AGE_MS,
  type MoverEntry,
  type MoverHandle,
  type PartSet,
  type QuantisedPose,
  type Session,
  writeFlowAnew,
  writeFlowHidden,
  writeFlowOn,
  writePoseUpdate,
} from '@weft/protocol';
import { Cell } from './cell.ts';

/** Poses that were told before, from which a reader who is behind is told what changed. */
const REMEMBERED = 32;
/** A pose that waited for longer until it is told counts as one of this age: readers tell older ones apart. */
const MAX_WAITED_MS = 1_100;
/** Of poses that were told before, how many are a jump that newcomers hear of: who was away may know an older one. */
const RECENT = 32;
/** When a pose was that no reader can tell. */
const LONG_AGO = Number.NEGATIVE_INFINITY;

/** A pose that was told. */
interface Told {
  readonly pose: QuantisedPose;
  /** What readers know of it by frames `pose-flow`, exactly. */
  atMs: number;
  /** Whether it did not move there from where it was. */
  readonly isJump: boolean;
}

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
  readonly #told: (Told | undefined)[] = Array(REMEMBERED).fill(undefined);
  #heard: QuantisedPose | null = null;
  #heardAtMs = Number.NEGATIVE_INFINITY;
  #isTeleported = false;
  #teleportedIn = 0;
  /** When as many poses as there may be were told, by the rate. */
  #dueMs = Number.NEGATIVE_INFINITY;
  /** What readers are told now, by what they were told last. */
  readonly #updates: (Uint8Array | undefined)[] = Array(REMEMBERED).fill(undefined);
  /** The same for those who know nothing of it, or too little. */
  #whole: Uint8Array | null = null;
  #updatesAtMs = Number.NaN;
  /** The same for those who are in step: those who were told of the pose before, and those who come. */
  #on: FlowUpdate | null = null;
  #first: FlowUpdate | null = null;

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
    return this.#toldIn(this.version)?.pose ?? null;
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
    this.#heardAtMs = Math.min(nowMs, Math.max(this.#heardAtMs, nowMs - MAX_WAITED_MS));
    const isJump = this.#isTeleported;
    this.#told[this.version % REMEMBERED] = { pose: heard, atMs: this.#heardAtMs, isJump };
    this.#forget();
    if (isJump) this.#teleportedIn = this.version;
    this.#isTeleported = false;
    const [x = 0, , z = 0] = heard.numbers;
    this.cellBefore = this.cell;
    this.cell = this.cell?.followedTo(x, z) ?? new Cell(x, z);
    return this.cell !== this.cellBefore;
  }

  /** The bytes for readers who were told that version last, 0 for none. Made once for all of them. */
  updateSince(version: number, nowMs: number): Uint8Array {
    this.#keepFor(nowMs);
    if (version === 0 || this.version - version >= REMEMBERED) {
      // Shared by those who know nothing of it: to them a jump says nothing either.
      this.#whole ??= this.#write(null, nowMs, this.#teleportedIn > 0);
      return this.#whole;
    }
    const at = version % REMEMBERED;
    const known = this.#updates[at];
    if (known !== undefined) return known;
    const update = this.#write(this.#toldIn(version)?.pose ?? null, nowMs, this.#teleportedIn > version);
    this.#updates[at] = update;
    return update;
  }

  /** What those are told who were told of the pose before, and of how it came there. */
  flowOn(nowMs: number): FlowUpdate {
    this.#keepFor(nowMs);
    this.#on ??= this.#writeOn(nowMs);
    return this.#on;
  }

  /** What those are told who may know nothing of it, so that they can be told the same as the others from then on. */
  flowFirst(nowMs: number): FlowUpdate {
    this.#keepFor(nowMs);
    const isJump = this.#teleportedIn > 0 && this.version - this.#teleportedIn < RECENT;
    this.#first ??= this.#writeAnew(nowMs, isJump);
    return this.#first;
  }

  /** What those are told who do not see it any more. */
  flowHidden(): FlowUpdate {
    return writeFlowHidden(this.handle);
  }

  #writeOn(nowMs: number): FlowUpdate {
    const { pose, atMs, isJump } = this.#newest;
    const last = this.#toldIn(this.version - 1);
    if (last === undefined || isJump) return this.#writeAnew(nowMs, isJump);
    const { handle } = this;
    const course = { pose: last.pose, atMs: last.atMs, before: this.#before(this.version - 1) };
    return writeFlowOn({ handle, pose, atMs, frameMs: nowMs }, course) ?? this.#writeAnew(nowMs, false);
  }

  #writeAnew(nowMs: number, isJump: boolean): FlowUpdate {
    const told = this.#newest;
    const { pose, atMs } = told;
    const update = writeFlowAnew(
      { handle: this.handle, pose, atMs, frameMs: nowMs },
      this.#before(this.version),
      isJump,
    );
    // Whose reader cannot know when it was does not go on from there.
    if (nowMs < atMs || nowMs - atMs > MAX_FLOW_AGE_MS) told.atMs = LONG_AGO;
    return update;
  }

  /** From where it moved to a pose that was told. */
  #before(version: number): FlowPoint | null {
    const before = this.#toldIn(version - 1);
    if (before === undefined || this.#toldIn(version)?.isJump === true) return null;
    return { numbers: before.pose.numbers, atMs: before.atMs };
  }

  /** Only of the last few. */
  #toldIn(version: number): Told | undefined {
    return version < 1 ? undefined : this.#told[version % REMEMBERED];
  }

  get #newest(): Told {
    const told = this.#toldIn(this.version);
    if (told === undefined) throw new RangeError(`mover ${this.handle} was told of before it stood anywhere`);
    return told;
  }

  #write(baseline: QuantisedPose | null, nowMs: number, teleported: boolean): Uint8Array {
    const { pose, atMs } = this.#newest;
    return writePoseUpdate({ handle: this.handle, pose, baseline, ageMs: nowMs - atMs, teleported });
  }

  /** Ages count from the moment at which they are told. */
  #keepFor(nowMs: number): void {
    if (this.#updatesAtMs !== nowMs) this.#forget();
    this.#updatesAtMs = nowMs;
  }

  #forget(): void {
    this.#updates.fill(undefined);
    this.#whole = null;
    this.#on = null;
    this.#first = null;
  }
}
