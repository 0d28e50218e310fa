import { createHash } from 'node:crypto';

/** All that happened in a run, in order, as one hash; kept as text where somebody wants to read it. */
export class Trace {
  readonly #hash = createHash('sha256');
  readonly #lines: string[] | null;

  constructor(options: { readonly keep: boolean }) {
    this.#lines = options.keep ? [] : null;
  }

  add(line: string): void {
    this.#hash.update(line);
    this.#hash.update('\n');
    this.#lines?.push(line);
  }

  get lines(): readonly string[] {
    return this.#lines ?? [];
  }

  /** Ends the trace. */
  digest(): string {
    return this.#hash.digest('hex').slice(0, 32);
  }
}
