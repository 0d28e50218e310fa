/** How often somebody sends how they stand. */
export const POSES_PER_SECOND = 20;
/** Timers are no finer; what fell due meanwhile is sent together. */
const LOOK_MS = 1;

/**
 * An open loop: each member sends twenty times a second when it is due, each at a moment of its own, whatever became of
 * what was sent before.
 */
export class Timetable {
  readonly #send: (member: number) => void;
  #members = 0;
  #startMs = 0;
  #next = 0;
  #lateMs: number[] = [];
  #timer: NodeJS.Timeout | null = null;

  /** @param send sends how a member stands */
  constructor(send: (member: number) => void) {
    this.#send = send;
  }

  /** From now on there are so many. */
  start(members: number): void {
    this.stop();
    this.#members = members;
    this.#startMs = performance.now();
    this.#next = 0;
    if (members > 0) this.#look();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** How late everything was sent since this was asked last, in milliseconds. */
  takeLateMs(): readonly number[] {
    const late = this.#lateMs;
    this.#lateMs = [];
    return late;
  }

  readonly #look = (): void => {
    this.#timer = setTimeout(this.#look, LOOK_MS);
    const gapMs = 1000 / POSES_PER_SECOND / this.#members;
    // Looked at once: where sending takes longer than there is, what comes in must have its turn all the same.
    const nowMs = performance.now();
    for (;;) {
      const dueMs = this.#startMs + this.#next * gapMs;
      if (dueMs > nowMs) return;
      this.#lateMs.push(nowMs - dueMs);
      this.#send(this.#next % this.#members);
      this.#next += 1;
    }
  };
}
