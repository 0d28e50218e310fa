import type { Stop, Timers } from '@weft/matrix';

interface Entry {
  readonly dueMs: number;
  readonly order: number;
  readonly run: () => void;
}

const DEFAULT_START_MS = Date.UTC(2026, 0, 1);
/** A timer that sets itself again without delay would otherwise never let the test go on. */
const MAX_RUNS_PER_ADVANCE = 20_000;

/** A clock that only the test moves. Timers run in the order in which they are due, then in which they were set. */
export class FakeTimers implements Timers {
  /** What delays count by: moves only forwards. */
  #elapsedMs = 0;
  #startMs: number;
  #order = 0;
  readonly #entries = new Set<Entry>();

  constructor(startMs = DEFAULT_START_MS) {
    this.#startMs = startMs;
  }

  /** Bound, so that it can be handed over as the clock that core takes. */
  readonly now = (): number => this.#startMs + this.#elapsedMs;

  after(delayMs: number, run: () => void): Stop {
    const entry = { dueMs: this.#elapsedMs + Math.max(0, delayMs), order: this.#order, run };
    this.#order += 1;
    this.#entries.add(entry);
    return () => {
      this.#entries.delete(entry);
    };
  }

  /** Timers that are set and did not run: 0 after everything was stopped, or something leaks. */
  get pending(): number {
    return this.#entries.size;
  }

  /** Milliseconds until the next timer; `null` where none is set. */
  get nextInMs(): number | null {
    const next = this.#next();
    return next === undefined ? null : Math.max(0, next.dueMs - this.#elapsedMs);
  }

  /** Moves the clock and runs what falls due on the way; promises settle between two timers. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#elapsedMs + ms;
    for (let runs = 0; ; runs += 1) {
      await settle();
      const next = this.#next();
      if (next === undefined || next.dueMs > untilMs) break;
      if (runs === MAX_RUNS_PER_ADVANCE) throw new RangeError(`${runs} timers ran within ${ms} ms: a loop`);
      this.#entries.delete(next);
      this.#elapsedMs = next.dueMs;
      next.run();
    }
    this.#elapsedMs = untilMs;
  }

  /** Steps the wall clock, as a user or NTP does: nothing runs, and delays that are set keep their length. */
  step(ms: number): void {
    this.#startMs += ms;
  }

  #next(): Entry | undefined {
    let first: Entry | undefined;
    for (const entry of this.#entries) {
      if (first === undefined || entry.dueMs < first.dueMs) first = entry;
      else if (entry.dueMs === first.dueMs && entry.order < first.order) first = entry;
    }
    return first;
  }
}

/** Lets every chain of promises that waits for nothing outside run to its end. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
