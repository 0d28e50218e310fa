import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { CachedFile, CacheMedium } from './cache-medium.ts';

interface AssetSchema extends DBSchema {
  readonly files: { readonly key: string; readonly value: Uint8Array };
  readonly notes: { readonly key: string; readonly value: CachedFile };
}

const NAME = 'weft-assets';
const FORMAT = 1;

/** One IndexedDB database, for pages without the Cache API: those of plain http. */
export class IndexedDbMedium implements CacheMedium {
  readonly #database: IDBPDatabase<AssetSchema>;

  private constructor(database: IDBPDatabase<AssetSchema>) {
    this.#database = database;
  }

  static async open(name = NAME): Promise<IndexedDbMedium> {
    const database = await openDB<AssetSchema>(name, FORMAT, {
      upgrade(made) {
        made.createObjectStore('files');
        made.createObjectStore('notes');
      },
    });
    return new IndexedDbMedium(database);
  }

  async get(sha256: string): Promise<Uint8Array | null> {
    return (await this.#database.get('files', sha256)) ?? null;
  }

  async put(sha256: string, bytes: Uint8Array, usedMs: number): Promise<void> {
    const transaction = this.#database.transaction(['files', 'notes'], 'readwrite');
    const steps = [
      // A copy of just these bytes: of a view the browser would keep all that it looks into.
      transaction.objectStore('files').put(new Uint8Array(bytes), sha256),
      transaction.objectStore('notes').put({ sha256, bytes: bytes.length, usedMs }, sha256),
    ];
    // The transaction tells why it failed; its steps only that it did.
    for (const step of steps) step.catch(() => undefined);
    await transaction.done;
  }

  async touch(sha256: string, usedMs: number): Promise<void> {
    const note = await this.#database.get('notes', sha256);
    if (note !== undefined) await this.#database.put('notes', { ...note, usedMs }, sha256);
  }

  async remove(sha256: string): Promise<void> {
    const transaction = this.#database.transaction(['files', 'notes'], 'readwrite');
    const steps = [
      transaction.objectStore('files').delete(sha256),
      transaction.objectStore('notes').delete(sha256),
    ];
    for (const step of steps) step.catch(() => undefined);
    await transaction.done;
  }

  list(): Promise<readonly CachedFile[]> {
    return this.#database.getAll('notes');
  }
}
