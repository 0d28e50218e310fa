import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { MediumChange, RecordMedium } from '../record-medium.ts';
import { StoreError } from '../store-error.ts';
import type { Release } from './hold-lock.ts';
import { indexedDbError } from './indexeddb-error.ts';

interface RecordSchema extends DBSchema {
  readonly records: { readonly key: string; readonly value: Uint8Array };
}

const FORMAT = 1;
const AFTER_EVERY_KEY = '\u{7f}';

/** One IndexedDB database, every transaction of strict durability; whoever opens it holds its lock. */
export class IndexedDbMedium implements RecordMedium {
  readonly outlivesProcess = true;
  readonly #database: IDBPDatabase<RecordSchema>;
  readonly #release: Release;
  readonly #state: { lost: boolean };

  private constructor(database: IDBPDatabase<RecordSchema>, release: Release, state: { lost: boolean }) {
    this.#database = database;
    this.#release = release;
    this.#state = state;
  }

  /** @throws StoreError `unavailable`, `corrupt`, `failed` */
  static async open(name: string, release: Release): Promise<IndexedDbMedium> {
    const state = { lost: false };
    try {
      const database = await openDB<RecordSchema>(name, FORMAT, {
        upgrade: (made) => void made.createObjectStore('records'),
        // The person cleared the data of this site, or the browser did.
        terminated: () => {
          state.lost = true;
        },
      });
      return new IndexedDbMedium(database, release, state);
    } catch (error) {
      throw indexedDbError(`open the store ${name}`, error);
    }
  }

  get(key: string): Promise<Uint8Array | null> {
    return this.#attempt(
      `read the record ${key}`,
      async () => (await this.#database.get('records', key)) ?? null,
    );
  }

  getAll(prefix: string): Promise<readonly (readonly [string, Uint8Array])[]> {
    return this.#attempt(`read the records ${prefix}*`, async () => {
      const { store } = this.#database.transaction('records');
      const range = under(prefix);
      const [keys, records] = await Promise.all([store.getAllKeys(range), store.getAll(range)]);
      return keys.flatMap((key, at) => {
        const record = records[at];
        return record === undefined ? [] : [[key, record] as const];
      });
    });
  }

  keys(prefix: string): Promise<readonly string[]> {
    return this.#attempt(`list the records ${prefix}*`, () =>
      this.#database.getAllKeys('records', under(prefix)),
    );
  }

  apply({ put, remove }: MediumChange): Promise<void> {
    return this.#attempt('write', async () => {
      const transaction = this.#database.transaction('records', 'readwrite', { durability: 'strict' });
      const { store } = transaction;
      const steps = [
        ...remove.map((key) => store.delete(key)),
        ...[...put].map(([key, record]) => store.put(record, key)),
      ];
      // The transaction tells why it failed; its steps only that it did.
      for (const step of steps) step.catch(() => undefined);
      await transaction.done;
    });
  }

  async close(): Promise<void> {
    this.#database.close();
    this.#release();
  }

  async #attempt<T>(what: string, run: () => Promise<T>): Promise<T> {
    if (this.#state.lost) {
      throw new StoreError('failed', {
        what,
        expected: 'the storage of this page',
        got: 'a browser that has cleared it',
        hint: 'Reload the page.',
      });
    }
    try {
      return await run();
    } catch (error) {
      throw indexedDbError(what, error);
    }
  }
}

function under(prefix: string): IDBKeyRange {
  return IDBKeyRange.bound(prefix, prefix + AFTER_EVERY_KEY);
}
