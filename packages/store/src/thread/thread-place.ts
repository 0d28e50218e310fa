import { Worker } from 'node:worker_threads';
import type { SqliteOptions } from '../sqlite/sqlite-medium.ts';
import { StoreError } from '../store-error.ts';
import type { StoreChange, StorePlace, WorldStore } from '../world-store.ts';
import type { ThreadAnswer, ThreadCall, ThreadData, ThreadRequest } from './thread-call.ts';

type Guard<T> = (value: unknown) => value is T;

interface Waiting {
  readonly answered: (answer: ThreadAnswer) => void;
  readonly failed: (why: string) => void;
}

/**
 * A `DirectoryPlace` in a thread of its own: whoever writes goes on while the disk syncs. For programs that must not pause,
 * such as a relay; what is written is copied once more. The thread starts with the first call, and keeps the process
 * alive while a store is open or a call is under way.
 */
export class ThreadPlace implements StorePlace {
  readonly #data: ThreadData;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #calls = 0;
  #open = 0;

  constructor(directory: string, options: SqliteOptions = {}) {
    this.#data = { directory, options };
  }

  async open(name: string): Promise<WorldStore> {
    const worker = this.#start();
    const store = await this.#ask({ call: 'open', name }, isNumber, worker);
    this.#open += 1;
    this.#hold();
    return new ThreadStore(
      store,
      (call, is) => this.#ask(call, is, worker),
      () => {
        this.#open -= 1;
        this.#hold();
      },
    );
  }

  setAside(name: string): Promise<string> {
    return this.#ask({ call: 'setAside', name }, isText);
  }

  recall(name: string): Promise<string | null> {
    return this.#ask({ call: 'recall', name }, isTextOrNull);
  }

  remember(name: string, text: string): Promise<void> {
    return this.#ask({ call: 'remember', name, text }, isNothing);
  }

  /** @param worker the thread that opened the store: the numbers of another one mean other stores */
  #ask<T>(call: ThreadCall, is: Guard<T>, worker = this.#start()): Promise<T> {
    if (worker !== this.#worker) return Promise.reject(threadError(call.call, 'its end'));
    this.#calls += 1;
    const request: ThreadRequest = { id: this.#calls, call };
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#waiting.set(request.id, {
      answered: (answer) => {
        if ('error' in answer) reject(new StoreError(answer.error.code, answer.error));
        else if (is(answer.value)) resolve(answer.value);
        else reject(threadError(call.call, `an answer that is none: ${typeof answer.value}`));
      },
      failed: (why) => reject(threadError(call.call, why)),
    });
    this.#hold();
    worker.postMessage(request);
    return promise;
  }

  #start(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(new URL('./store-thread.ts', import.meta.url), { workerData: this.#data });
    worker.on('message', (answer: ThreadAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      this.#hold();
      waiting?.answered(answer);
    });
    worker.on('error', (error) => this.#ended(error.message));
    worker.on('exit', (code) => this.#ended(`exit code ${code}`));
    this.#worker = worker;
    return worker;
  }

  /** Its stores are gone with it; the next opening starts another one. */
  #ended(why: string): void {
    this.#worker = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { failed } of waiting) failed(why);
  }

  #hold(): void {
    if (this.#open > 0 || this.#waiting.size > 0) this.#worker?.ref();
    else this.#worker?.unref();
  }
}

class ThreadStore implements WorldStore {
  readonly outlivesProcess = true;
  readonly #store: number;
  readonly #call: <T>(call: ThreadCall, is: Guard<T>) => Promise<T>;
  readonly #closed: () => void;
  #closing: Promise<void> | null = null;

  constructor(store: number, call: <T>(call: ThreadCall, is: Guard<T>) => Promise<T>, closed: () => void) {
    this.#store = store;
    this.#call = call;
    this.#closed = closed;
  }

  read(key: string): Promise<Uint8Array | null> {
    return this.#ask({ call: 'read', store: this.#store, key }, isBytesOrNull);
  }

  readAll(key: string): Promise<ReadonlyMap<string, Uint8Array>> {
    return this.#ask({ call: 'readAll', store: this.#store, key }, isRecords);
  }

  keys(key: string): Promise<readonly string[]> {
    return this.#ask({ call: 'keys', store: this.#store, key }, isTexts);
  }

  write({ put = new Map(), remove = [], erase = false }: StoreChange): Promise<void> {
    return this.#ask(
      { call: 'write', store: this.#store, change: { put, remove: [...remove], erase } },
      isNothing,
    );
  }

  close(): Promise<void> {
    this.#closing ??= this.#call({ call: 'close', store: this.#store }, isNothing).finally(this.#closed);
    return this.#closing;
  }

  #ask<T>(call: ThreadCall, is: Guard<T>): Promise<T> {
    if (this.#closing === null) return this.#call(call, is);
    return Promise.reject(
      new StoreError('closed', { what: call.call, expected: 'an open store', got: 'one that was closed' }),
    );
  }
}

function threadError(what: string, got: string): StoreError {
  return new StoreError('failed', { what, expected: 'the thread of the store to answer', got });
}

const isNumber = (value: unknown): value is number => typeof value === 'number';
const isText = (value: unknown): value is string => typeof value === 'string';
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);
const isNothing = (value: unknown): value is undefined => value === undefined;
const isBytesOrNull = (value: unknown): value is Uint8Array | null =>
  value === null || value instanceof Uint8Array;
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);
const isRecords = (value: unknown): value is ReadonlyMap<string, Uint8Array> =>
  value instanceof Map && [...value.values()].every((record) => record instanceof Uint8Array);
