/** Chunks between a socket, which pushes them, and a decoder, which takes them when it can. */
export class ChunkQueue implements AsyncIterable<Uint8Array> {
  readonly #chunks: Uint8Array[] = [];
  #end: 'open' | 'ended' | { readonly error: Error } = 'open';
  #wake: (() => void) | null = null;

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#notify();
  }

  /** No more will come. */
  end(): void {
    this.#end = 'ended';
    this.#notify();
  }

  /** What was not taken yet never will be: the decoder gets the error. */
  fail(error: Error): void {
    this.#chunks.length = 0;
    this.#end = { error };
    this.#notify();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) {
        yield chunk;
        continue;
      }
      if (this.#end === 'ended') return;
      if (this.#end !== 'open') throw this.#end.error;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #notify(): void {
    this.#wake?.();
    this.#wake = null;
  }
}
