import { Quarantine } from './quarantine.ts';

/** What is ahead of time, the room's and this client's apart. */
export class Waiting {
  readonly base = new Quarantine();
  readonly pending = new Quarantine();

  get size(): number {
    return this.base.size + this.pending.size;
  }

  get dropped(): number {
    return this.base.dropped + this.pending.dropped;
  }

  /** When the first of all may come in, in milliseconds of the corrected clock; `null` where nothing waits. */
  get nextReleaseMs(): number | null {
    const times = [this.base.nextReleaseMs, this.pending.nextReleaseMs];
    return times.reduce((a, b) => (a === null || b === null ? (a ?? b) : Math.min(a, b)), null);
  }
}
