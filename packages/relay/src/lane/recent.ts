import { forgetOldest } from '@weft/core';
import type { Position, RunId } from '@weft/protocol';
import type { RoomLimits } from './room-limits.ts';

/** Earlier runs of a relay whose ends are known. */
export const MAX_KNOWN_RUNS = 64;

interface Frame {
  readonly message: Uint8Array;
  /** The number of its record in the journal. */
  readonly record: number;
}

interface Run {
  readonly run: RunId;
  /** How many frames of other runs came before its first. */
  readonly before: number;
}

/**
 * The latest frames of this run and of those before it, within bounds, so that whoever comes back gets just what it missed.
 * Frames are counted over all runs, from 1; an earlier run ends with the last that was committed.
 */
export class Recent {
  readonly #limits: Pick<RoomLimits, 'recentFrames' | 'recentBytes'>;
  #runs: Run[] = [];
  /** How far earlier runs came for good, the latest last. */
  readonly #ends = new Map<RunId, number>();
  readonly #frames: Frame[] = [];
  /** How many frames there ever were, and how many of them are no more kept. */
  #count = 0;
  #forgotten = 0;
  #bytes = 0;

  constructor(limits: Pick<RoomLimits, 'recentFrames' | 'recentBytes'>) {
    this.#limits = limits;
  }

  /** The last number of the current run. */
  get seq(): number {
    return this.#count - (this.#runs.at(-1)?.before ?? 0);
  }

  /** The record of the oldest frame that is kept: none before it is needed. `null` where none is kept. */
  get oldestRecord(): number | null {
    return this.#frames[0]?.record ?? null;
  }

  /** What comes from now on belongs to this run; those before it end where they are. */
  begin(run: RunId): void {
    const last = this.#runs.at(-1);
    if (last !== undefined) this.#end(last.run, this.seq);
    this.#runs.push({ run, before: this.#count });
  }

  /** Earlier runs and how far they came for good, the latest last. */
  get ends(): ReadonlyMap<RunId, number> {
    return this.#ends;
  }

  /** How far a run came for good, which vouches for all that it said; `null` for one that is not known. */
  endOf(run: RunId): number | null {
    return run === this.#runs.at(-1)?.run ? this.seq : (this.#ends.get(run) ?? null);
  }

  /** What an earlier run left, in order. A gap makes all before it useless. */
  restore({ run, seq }: Position, message: Uint8Array, record: number): void {
    this.#reach({ run, seq: seq - 1 });
    this.push(message, record);
  }

  /** An earlier run came so far. Where its frames say otherwise, some are missing, and none is of use. */
  restoreEnd({ run, seq }: Position): void {
    const known = this.endOf(run);
    if (known !== null && known !== seq && this.#runs.some((each) => each.run === run)) this.reset();
    if (this.#runs.at(-1)?.run !== run) this.#end(run, Math.max(seq, known ?? 0));
  }

  /** Drops all frames that are kept: nobody comes back to before now. */
  forget(): void {
    this.#forgotten = this.#count;
    this.#frames.length = 0;
    this.#bytes = 0;
  }

  /** Forgets all earlier runs: what they said is not all known, and whoever heard it has to be told anew. */
  reset(): void {
    this.forget();
    this.#runs = [];
    this.#ends.clear();
  }

  push(message: Uint8Array, record: number): void {
    this.#count += 1;
    this.#frames.push({ message, record });
    this.#bytes += message.length;
    while (this.#frames.length > this.#limits.recentFrames || this.#bytes > this.#limits.recentBytes) {
      this.#bytes -= this.#frames.shift()?.message.length ?? 0;
      this.#forgotten += 1;
    }
    while ((this.#runs[1]?.before ?? Number.POSITIVE_INFINITY) < this.#forgotten) this.#runs.shift();
  }

  /**
   * The frames since a position, in order; `null` where they are not all kept, or it is none. Nor is it one for whoever heard
   * more of an earlier run than was kept: what they were brought up to date with may be among what was lost.
   */
  since({ run, seq }: Position): readonly Uint8Array[] | null {
    const before = this.#runs.find((known) => known.run === run)?.before;
    const end = this.endOf(run);
    if (before === undefined || end === null || seq > end) return null;
    const heard = before + seq;
    if (heard < this.#forgotten) return null;
    return this.#frames.slice(heard - this.#forgotten).map(({ message }) => message);
  }

  /** Makes a position the last that counts. */
  #reach({ run, seq }: Position): void {
    if (this.#runs.at(-1)?.run !== run) this.begin(run);
    if (this.seq === seq) return;
    this.forget();
    this.#runs = [{ run, before: this.#count - seq }];
  }

  #end(run: RunId, seq: number): void {
    this.#ends.delete(run);
    this.#ends.set(run, seq);
    forgetOldest(this.#ends, MAX_KNOWN_RUNS);
  }
}
