import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { StartFileHash } from './file-hash.ts';
import type { HashAnswer, HashCall } from './hash-call.ts';

/** Files smaller than this are hashed where they arrive; larger ones are handed over in pieces of this size. */
export const BATCH_BYTES = 1024 * 1024;

interface Waiting {
  readonly resolve: (sha256: string) => void;
  readonly reject: (error: unknown) => void;
}

/** One thread for all files of a program, from its first large one on; it keeps no program alive by itself. */
class HashThread {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #last = 0;

  next(): number {
    this.#last += 1;
    return this.#last;
  }

  tell(call: HashCall, transfer: readonly ArrayBuffer[] = []): void {
    this.#start().postMessage(call, transfer);
  }

  digest(id: number): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const worker = this.#start();
    this.#waiting.set(id, { resolve, reject });
    worker.ref();
    worker.postMessage({ call: 'digest', id } satisfies HashCall);
    return promise;
  }

  #start(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(new URL('./hash-thread.ts', import.meta.url));
    worker.unref();
    worker.on('message', ({ id, sha256 }: HashAnswer) => {
      this.#waiting.get(id)?.resolve(sha256);
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) worker.unref();
    });
    worker.on('error', (error) => this.#ended(error));
    this.#worker = worker;
    return worker;
  }

  /** The next file gets a new thread. */
  #ended(error: unknown): void {
    this.#worker = null;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

const thread = new HashThread();

/** Hashes in native code while the file comes, large files in a thread beside the one that downloads. */
export const startThreadHash: StartFileHash = () => {
  let pieces: Uint8Array[] = [];
  let gathered = 0;
  let told = 0;
  let id: number | null = null;
  const handOver = (): void => {
    id ??= thread.next();
    const bytes = new Uint8Array(gathered);
    let at = 0;
    for (const piece of pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    [pieces, gathered] = [[], 0];
    thread.tell({ call: 'update', id, bytes }, [bytes.buffer]);
  };
  return {
    update(chunk) {
      pieces.push(chunk);
      gathered += chunk.length;
      told += chunk.length;
      if (gathered >= BATCH_BYTES) handOver();
    },
    async digest(file) {
      const handed = id;
      // Small, or not told in pieces: done sooner here than it is handed over.
      if (handed === null || told !== file.length) return createHash('sha256').update(file).digest('hex');
      handOver();
      id = null;
      return thread.digest(handed).catch(() => createHash('sha256').update(file).digest('hex'));
    },
    drop() {
      if (id !== null) thread.tell({ call: 'drop', id });
      [pieces, gathered, id] = [[], 0, null];
    },
  };
};
