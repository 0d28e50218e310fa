import type { WorkPart } from './workshop.ts';

/** Parts of a piece of work, in the order in which they come. */
export class PartQueue {
  readonly #parts: WorkPart[] = [];
  #arrived = Promise.withResolvers<void>();

  push(part: WorkPart): void {
    this.#parts.push(part);
    this.#arrived.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<WorkPart> {
    for (;;) {
      const next = this.#parts.shift();
      if (next !== undefined) {
        yield next;
        continue;
      }
      await this.#arrived.promise;
      this.#arrived = Promise.withResolvers();
    }
  }
}
