import { MAX_RECORD_BYTES, MAX_RECORD_KEY_BYTES } from './limits.ts';
import type { RecordMedium } from './record-medium.ts';
import { type CreateSha256, seal, unseal } from './sealed-record.ts';
import { StoreError, storeErrorOf } from './store-error.ts';
import type { StoreChange, WorldStore } from './world-store.ts';

const KEY = /^[A-Za-z0-9._~/-]*$/;

/** A store over a medium: names and sizes are checked, records sealed, and one thing is done after the other. */
export class RecordStore implements WorldStore {
  readonly #medium: RecordMedium;
  readonly #createSha256: CreateSha256 | undefined;
  /** What is under way; never rejects. */
  #last: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | null = null;

  /** @param createSha256 a faster sha256 than the built-in one */
  constructor(medium: RecordMedium, createSha256?: CreateSha256) {
    this.#medium = medium;
    this.#createSha256 = createSha256;
  }

  get outlivesProcess(): boolean {
    return this.#medium.outlivesProcess;
  }

  async read(key: string): Promise<Uint8Array | null> {
    const what = `read the record ${key}`;
    checkKey(what, key);
    const sealed = await this.#inTurn(what, () => this.#medium.get(key));
    return sealed === null ? null : unseal(key, sealed, this.#createSha256);
  }

  async readAll(prefix: string): Promise<ReadonlyMap<string, Uint8Array>> {
    const what = `read the records ${prefix}*`;
    checkPrefix(what, prefix);
    const found = await this.#inTurn(what, () => this.#medium.getAll(prefix));
    const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
    return new Map(sorted.map(([key, sealed]) => [key, unseal(key, sealed, this.#createSha256)]));
  }

  async keys(prefix: string): Promise<readonly string[]> {
    const what = `list the records ${prefix}*`;
    checkPrefix(what, prefix);
    return [...(await this.#inTurn(what, () => this.#medium.keys(prefix)))].sort();
  }

  async write({ put = new Map(), remove = [], erase = false }: StoreChange): Promise<void> {
    const sealed = new Map<string, Uint8Array>();
    for (const [key, content] of put) {
      const what = `write the record ${key}`;
      checkKey(what, key);
      if (content.length > MAX_RECORD_BYTES)
        throw new StoreError('too-large', {
          what,
          expected: `at most ${MAX_RECORD_BYTES} bytes`,
          got: String(content.length),
          key,
        });
      sealed.set(key, seal(key, content, this.#createSha256));
    }
    const removed = [...remove].filter((key) => !sealed.has(key));
    for (const key of removed) checkKey(`remove the record ${key}`, key);
    await this.#inTurn('write', () => this.#medium.apply({ put: sealed, remove: removed, erase }));
  }

  close(): Promise<void> {
    this.#closing ??= this.#last.then(async () => {
      try {
        await this.#medium.close();
      } catch (error) {
        throw storeErrorOf('close the store', error);
      }
    });
    return this.#closing;
  }

  #inTurn<T>(what: string, run: () => Promise<T>): Promise<T> {
    if (this.#closing !== null) return Promise.reject(closed(what));
    const turn = this.#last.then(run).catch((error: unknown) => {
      throw storeErrorOf(what, error);
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

function checkKey(what: string, key: string): void {
  if (key === '') throw badKey(what, key);
  checkPrefix(what, key);
}

function checkPrefix(what: string, prefix: string): void {
  if (prefix.length > MAX_RECORD_KEY_BYTES || !KEY.test(prefix)) throw badKey(what, prefix);
}

function badKey(what: string, key: string): StoreError {
  return new StoreError('bad-key', {
    what,
    expected: `a name of 1 to ${MAX_RECORD_KEY_BYTES} of A-Z a-z 0-9 . _ ~ / -`,
    got: JSON.stringify(key),
  });
}

function closed(what: string): StoreError {
  return new StoreError('closed', { what, expected: 'an open store', got: 'one that was closed' });
}
