import type { MediumChange, RecordMedium } from '../record-medium.ts';

/** Records in a map that its maker keeps: what was applied is there for the next medium over the same map. */
export class MemoryMedium implements RecordMedium {
  readonly outlivesProcess = false;
  readonly #records: Map<string, Uint8Array>;
  readonly #closed: () => void;

  constructor(records: Map<string, Uint8Array>, closed: () => void) {
    this.#records = records;
    this.#closed = closed;
  }

  async get(key: string): Promise<Uint8Array | null> {
    return this.#records.get(key) ?? null;
  }

  async getAll(prefix: string): Promise<readonly (readonly [string, Uint8Array])[]> {
    return [...this.#records].filter(([key]) => key.startsWith(prefix));
  }

  async keys(prefix: string): Promise<readonly string[]> {
    return [...this.#records.keys()].filter((key) => key.startsWith(prefix));
  }

  async apply({ put, remove }: MediumChange): Promise<void> {
    for (const key of remove) this.#records.delete(key);
    for (const [key, record] of put) this.#records.set(key, record);
  }

  async close(): Promise<void> {
    this.#closed();
  }
}
