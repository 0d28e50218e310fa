/** A value that can be watched. Between two notifications `value` is the same instance: it fits any UI library. */
export interface Readable<T> {
  readonly value: T;
  /** Calls the listener after each change, without arguments. @returns what stops it */
  subscribe(listener: () => void): () => void;
}

/** The writable side of a `Readable`. */
export class Cell<T> implements Readable<T> {
  #value: T;
  readonly #same: (a: T, b: T) => boolean;
  readonly #listeners = new Set<() => void>();

  constructor(value: T, same: (a: T, b: T) => boolean = Object.is) {
    this.#value = value;
    this.#same = same;
  }

  get value(): T {
    return this.#value;
  }

  /** Keeps the old instance, and stays silent, where nothing changed. */
  set(value: T): void {
    if (this.#same(this.#value, value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener();
  }

  subscribe(listener: () => void): () => void {
    // Wrapped, so that one function subscribed twice is two subscriptions.
    const own = () => listener();
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }
}

/** Equality of two flat records: the same keys with identical values, or lists of these. */
export function sameFields<T extends object>(a: T, b: T): boolean {
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return left.length === right.size && left.every(([key, value]) => isSame(right.get(key), value));
}

function isSame(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return Object.is(a, b);
  return a.length === b.length && a.every((item, at) => Object.is(item, b[at]));
}

/** Equality of two lists of flat records. */
export function sameRecords<T extends object>(a: readonly T[], b: readonly T[]): boolean {
  return (
    a.length === b.length &&
    a.every((record, at) => {
      const other = b[at];
      return other !== undefined && sameFields(record, other);
    })
  );
}
