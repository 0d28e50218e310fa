/** For how long poses are gathered, by how much there is to do; 0 is to the end of this turn of the event loop. */
export const TICKS_MS = [0, 4, 18, 33, 42] as const;
/** How often it is looked at again. */
export const TEMPO_SAMPLE_MS = 250;

/** A process that is busy for longer than this has too much to do, in parts of its time; and with less than that it has not. */
const BUSY = 0.75;
const IDLE = 0.5;
const SLOWER = 0.7;
// Slowly, or what was too much a moment ago is tried again at once.
const FASTER = 1.02;
/** What is allowed at least, of what is at most: poses go on while others keep the process busy. */
const LEAST = 1 / 8;
/** Sooner frames are tried where they would take no more than this part of what is allowed. */
const HEADROOM = 0.8;
const SECOND_MS = 1000;

export interface TempoOptions {
  /** Frames to one reader each that may be sent in a second. */
  readonly framesPerSecond: number;
  readonly now: () => number;
  /** How busy the event loop was since it was asked last, 0 to 1. */
  readonly load: () => number;
}

/** Finds how soon poses can be told: at once while there is headroom, gathered for longer where there is not. */
export class Tempo {
  readonly #options: TempoOptions;
  #allowed: number;
  #updates = 0;
  #sampledMs: number;
  #at = 0;

  constructor(options: TempoOptions) {
    this.#options = options;
    this.#allowed = options.framesPerSecond;
    this.#sampledMs = options.now();
  }

  get tickMs(): number {
    return TICKS_MS[this.#at] ?? 0;
  }

  /** What is allowed now, in parts of what is at most: less in a process that is busy. */
  get part(): number {
    return this.#allowed / this.#options.framesPerSecond;
  }

  /** So many movers were heard of anew. @param viewers how many are told of it */
  heard(updates: number, viewers: number): void {
    this.#updates += updates;
    this.#slowDown((this.#updates * SECOND_MS) / TEMPO_SAMPLE_MS, viewers);
    const nowMs = this.#options.now();
    const passedMs = nowMs - this.#sampledMs;
    if (passedMs >= 0 && passedMs < TEMPO_SAMPLE_MS) return;
    this.#sampledMs = nowMs;
    // A clock that was set tells nothing of how much that was.
    if (passedMs > 0) this.#adapt((this.#updates * SECOND_MS) / passedMs, viewers);
    this.#updates = 0;
  }

  #adapt(updatesPerSecond: number, viewers: number): void {
    const { framesPerSecond, load } = this.#options;
    const busy = load();
    if (busy > BUSY) this.#allowed = Math.max(LEAST * framesPerSecond, this.#allowed * SLOWER);
    else if (busy < IDLE) this.#allowed = Math.min(framesPerSecond, this.#allowed * FASTER);
    this.#slowDown(updatesPerSecond, viewers);
    while (
      this.#at > 0 &&
      framesIn(updatesPerSecond, TICKS_MS[this.#at - 1] ?? 0) * viewers <= HEADROOM * this.#allowed
    )
      this.#at -= 1;
  }

  /** What is too much already need not be counted to its end. */
  #slowDown(updatesPerSecond: number, viewers: number): void {
    while (
      this.#at < TICKS_MS.length - 1 &&
      framesIn(updatesPerSecond, this.tickMs) * viewers > this.#allowed
    )
      this.#at += 1;
  }
}

/** Frames that one viewer gets in a second. */
function framesIn(updatesPerSecond: number, tickMs: number): number {
  return tickMs === 0 ? updatesPerSecond : Math.min(updatesPerSecond, SECOND_MS / tickMs);
}
