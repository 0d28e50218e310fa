import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { MediumChange, RecordMedium } from '../record-medium.ts';
import { StoreError } from '../store-error.ts';
import { sqliteError } from './sqlite-error.ts';

export interface SqliteOptions {
  /** The largest size of the file, in bytes; default: as large as the disk allows. */
  readonly maxBytes?: number;
}

const FORMAT = 1;
// 'weft' in ASCII: tells our files from others' databases.
const APPLICATION_ID = 0x77656674;
const AFTER_EVERY_KEY = '\u{7f}';

/** One SQLite file (write-ahead log, every commit synced), held exclusively from the first moment. */
export class SqliteMedium implements RecordMedium {
  readonly outlivesProcess = true;
  readonly #database: DatabaseSync;
  readonly #statements: Readonly<Record<'get' | 'getAll' | 'keys' | 'put' | 'remove', StatementSync>>;

  /** @throws StoreError `busy`, `corrupt`, `unavailable`, `failed` */
  constructor(path: string, options: SqliteOptions = {}) {
    const what = `open the store ${path}`;
    let database: DatabaseSync | null = null;
    try {
      database = new DatabaseSync(path, { timeout: 0 });
      prepare(database, path, options);
      this.#database = database;
      this.#statements = {
        get: database.prepare('SELECT key, record FROM records WHERE key = ?'),
        getAll: database.prepare('SELECT key, record FROM records WHERE key >= ? AND key < ?'),
        keys: database.prepare('SELECT key FROM records WHERE key >= ? AND key < ?'),
        put: database.prepare('INSERT OR REPLACE INTO records (key, record) VALUES (?, ?)'),
        remove: database.prepare('DELETE FROM records WHERE key = ?'),
      };
    } catch (error) {
      database?.close();
      throw sqliteError(what, error);
    }
  }

  async get(key: string): Promise<Uint8Array | null> {
    const row = this.#run(`read the record ${key}`, () => this.#statements.get.get(key));
    return row?.record instanceof Uint8Array ? row.record : null;
  }

  async getAll(prefix: string): Promise<readonly (readonly [string, Uint8Array])[]> {
    const rows = this.#run(`read the records ${prefix}*`, () =>
      this.#statements.getAll.all(prefix, prefix + AFTER_EVERY_KEY),
    );
    return rows.flatMap(({ key, record }) =>
      typeof key === 'string' && record instanceof Uint8Array ? [[key, record] as const] : [],
    );
  }

  async keys(prefix: string): Promise<readonly string[]> {
    const rows = this.#run(`list the records ${prefix}*`, () =>
      this.#statements.keys.all(prefix, prefix + AFTER_EVERY_KEY),
    );
    return rows.flatMap(({ key }) => (typeof key === 'string' ? [key] : []));
  }

  async apply({ put, remove, erase }: MediumChange): Promise<void> {
    this.#run('write', () => {
      this.#database.exec('BEGIN IMMEDIATE');
      try {
        for (const key of remove) this.#statements.remove.run(key);
        for (const [key, record] of put) this.#statements.put.run(key, record);
        this.#database.exec('COMMIT');
      } catch (error) {
        // SQLite rolls back by itself after some errors, and not after others.
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
        throw error;
      }
      // Deleted content is overwritten in the file (`secure_delete`), and stays in the log until that is cut off.
      if (erase) this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    });
  }

  async close(): Promise<void> {
    this.#run('close the store', () => this.#database.close());
  }

  #run<T>(what: string, run: () => T): T {
    try {
      return run();
    } catch (error) {
      throw sqliteError(what, error);
    }
  }
}

function prepare(database: DatabaseSync, path: string, { maxBytes }: SqliteOptions): void {
  // Before the log is opened, so that no shared-memory file is needed and the lock is held for good.
  database.exec('PRAGMA locking_mode = EXCLUSIVE');
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  // What was purged is overwritten, not only forgotten.
  database.exec('PRAGMA secure_delete = ON');
  database.exec('BEGIN EXCLUSIVE');
  const found = {
    application: numberOf(database, 'application_id'),
    format: numberOf(database, 'user_version'),
  };
  const isNew = found.application === 0 && found.format === 0 && numberOf(database, 'schema_version') === 0;
  if (!isNew && (found.application !== APPLICATION_ID || found.format !== FORMAT)) {
    throw new StoreError('corrupt', {
      what: `open the store ${path}`,
      expected: `a store of Weft in format ${FORMAT}`,
      got: `a database of application ${found.application} in format ${found.format}`,
    });
  }
  database.exec('CREATE TABLE IF NOT EXISTS records (key TEXT PRIMARY KEY, record BLOB NOT NULL) STRICT');
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  database.exec(`PRAGMA user_version = ${FORMAT}`);
  database.exec('COMMIT');
  if (maxBytes === undefined) return;
  const pages = Math.max(1, Math.floor(maxBytes / numberOf(database, 'page_size')));
  database.exec(`PRAGMA max_page_count = ${pages}`);
}

function numberOf(database: DatabaseSync, pragma: string): number {
  const [value] = Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {});
  return typeof value === 'number' ? value : 0;
}
