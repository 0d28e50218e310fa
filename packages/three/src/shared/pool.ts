/** A value held by several users of one key, made for the first and disposed of after the last. */
export interface Lease<T> {
  readonly value: T;
  /** Gives the value back; further calls do nothing. */
  release(): void;
}

interface Entry<T> {
  readonly value: T;
  users: number;
}

/** Shares costly values by key and counts who holds them, so that a world of equal boxes has one geometry. */
export class Pool<T extends { dispose(): void }> {
  readonly #entries = new Map<string, Entry<T>>();

  /** How many distinct values are alive: zero once every lease was released. */
  get size(): number {
    return this.#entries.size;
  }

  acquire(key: string, make: () => T): Lease<T> {
    const entry = this.#entries.get(key) ?? { value: make(), users: 0 };
    this.#entries.set(key, entry);
    entry.users += 1;
    let held = true;
    return {
      value: entry.value,
      release: () => {
        if (!held) return;
        held = false;
        entry.users -= 1;
        if (entry.users > 0) return;
        this.#entries.delete(key);
        entry.value.dispose();
      },
    };
  }
}

/** Holds one lease at a time: taking the next value gives the last one back, in the order that keeps it alive. */
export class Slot<T extends { dispose(): void }> {
  readonly #pool: Pool<T>;
  #lease: Lease<T> | null = null;

  constructor(pool: Pool<T>) {
    this.#pool = pool;
  }

  take(key: string, make: () => T): T {
    const last = this.#lease;
    this.#lease = this.#pool.acquire(key, make);
    last?.release();
    return this.#lease.value;
  }

  release(): void {
    this.#lease?.release();
    this.#lease = null;
  }
}
