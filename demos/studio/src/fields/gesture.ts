let last = 0;

/** A name for one drag or one visit to a field: all edits made under it are one undo step. */
export function newGesture(): string {
  last += 1;
  return `gesture-${last}`;
}

/** Edits a second that a drag makes at most; what lies between is only previewed. */
const EDIT_INTERVAL_MS = 100;

/** Passes on the first value at once and then at most one an interval; `flush` passes on the newest. */
export class Throttle<T> {
  readonly #pass: (value: T) => void;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #waiting: { readonly value: T } | null = null;

  constructor(pass: (value: T) => void) {
    this.#pass = pass;
  }

  push(value: T): void {
    if (this.#timer !== null) {
      this.#waiting = { value };
      return;
    }
    this.#pass(value);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.flush();
    }, EDIT_INTERVAL_MS);
  }

  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting !== null) this.#pass(waiting.value);
  }

  cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#waiting = null;
  }
}
