import type { NativeDecoding, Patch } from '@weft/core';
import { ProtocolError, type Snapshot, type Welcome } from '@weft/protocol';
import type { LaneProgress } from '../lane-status.ts';
import { SnapshotReceiver } from './snapshot-receiver.ts';

/** What may come while a snapshot is on its way, in bytes of patches. */
export const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/** What a relay said of the graph. */
export interface Heard {
  readonly type: 'patch' | 'retract';
  /** Its number in this run; what was missed counts as the last that was said before. `null` for a snapshot. */
  readonly seq: number | null;
  readonly patch: Patch;
}

export interface CatchUpOptions {
  readonly welcome: Pick<Welcome, 'through' | 'missed' | 'kind' | 'snapshotBytes'>;
  readonly decoding: NativeDecoding;
  /** A whole snapshot, and after it whatever came meanwhile, in order and in one turn. */
  readonly hear: (heard: Heard) => void;
  readonly progress: (progress: LaneProgress) => void;
  /** Told once, unless it is cancelled or failed. */
  readonly done: () => void;
  /** The snapshot is no file. */
  readonly failed: (error: unknown) => void;
}

/**
 * What a client has to hear before it is up to date. What comes while a snapshot is still on its way waits for it, so that
 * nobody sees a change of an object without the object.
 */
export class CatchUp {
  readonly #options: CatchUpOptions;
  readonly #snapshot: SnapshotReceiver | null;
  // What was missed comes first, and may be numbered as in an earlier run: it is counted, whatever its numbers.
  /** What waits for the snapshot; `null` once it was heard. */
  #waiting: Heard[] | null;
  #waitingBytes = 0;
  #missed: number;
  #isOver = false;

  /** @throws ProtocolError for a snapshot that no client could take */
  constructor(options: CatchUpOptions) {
    const { welcome, decoding, progress } = options;
    this.#options = options;
    this.#missed = welcome.missed;
    const totalBytes = welcome.snapshotBytes;
    this.#snapshot =
      welcome.kind === 'snapshot' ? new SnapshotReceiver({ totalBytes, decoding, progress }) : null;
    this.#waiting = this.#snapshot === null ? null : [];
  }

  /** Nothing may be missing at all. */
  start(): void {
    this.#snapshot?.file.then(
      ({ patch }) => this.#heardSnapshot(patch),
      (error: unknown) => this.#fail(error),
    );
    this.#check();
  }

  /** @throws ProtocolError where no snapshot was announced, or this is not its next part */
  add(part: Snapshot): void {
    if (this.#snapshot === null)
      throw new ProtocolError('malformed', {
        what: 'take a part of a snapshot',
        expected: 'none, as the welcome said',
        got: `part ${part.index}`,
      });
    this.#snapshot.add(part);
  }

  /**
   * @param bytes what it was on the wire
   * @throws ProtocolError `too-large` where more comes than may wait
   */
  take(heard: Heard, bytes: number): void {
    const told = this.#missed > 0 ? { ...heard, seq: this.#options.welcome.through } : heard;
    this.#missed -= 1;
    if (this.#waiting === null) {
      this.#options.hear(told);
      this.#check();
      return;
    }
    this.#waitingBytes += bytes;
    if (this.#waitingBytes > MAX_WAITING_BYTES)
      throw new ProtocolError('too-large', {
        what: 'keep patches until the snapshot has come',
        expected: `at most ${MAX_WAITING_BYTES} bytes of them`,
        got: `${this.#waitingBytes}`,
      });
    this.#waiting.push(told);
  }

  cancel(): void {
    this.#isOver = true;
    this.#snapshot?.cancel();
  }

  #heardSnapshot(patch: Patch): void {
    if (this.#isOver) return;
    this.#options.hear({ type: 'patch', seq: null, patch });
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const heard of waiting) this.#options.hear(heard);
    this.#check();
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.failed(error);
  }

  #check(): void {
    if (this.#isOver || this.#waiting !== null || this.#missed > 0) return;
    this.#isOver = true;
    this.#options.done();
  }
}
