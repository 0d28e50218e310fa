import * as Y from 'yjs';
import { DocumentError } from '../document-error.ts';
import { conflictSteps } from './conflict-steps.ts';
import { clipRanges, sizeOfRanges } from './deleted-ranges.ts';
import { readUpdate, type Struct, writeUpdate } from './write-update.ts';

export interface IntegrateOptions {
  /** What the document's events give as the origin of the change. */
  readonly origin: unknown;
  /** Steps that finding places may take. */
  readonly maxSteps: number;
}

export interface Integrated {
  /** Whether all of it was taken in; if not, something is missing that it builds on. */
  readonly isComplete: boolean;
  /** Steps that finding places took. */
  readonly steps: number;
}

/**
 * Takes an update that was scanned into a document, as `Y.applyUpdate` does, but in a bounded number of steps, and without
 * keeping what cannot be taken in yet: whoever has it sends it again.
 *
 * @throws DocumentError `costly` where it takes more steps: what was taken in until then stays. `broken` where Yjs failed:
 *   the document has to be made anew. What observers of the document throw comes through as it is
 */
export function integrate(doc: Y.Doc, update: Uint8Array, options: IntegrateOptions): Integrated {
  const fresh = readUpdate(Y.diffUpdate(update, Y.encodeStateVector(doc)));
  const work = new Work(doc.store, options.maxSteps);
  Y.transact(
    doc,
    (transaction) => {
      try {
        const isWhole = work.takeIn(transaction, fresh.structs);
        const deleted = clipRanges(fresh.deleted, (client) => Y.getState(doc.store, client));
        if (deleted.size > 0) Y.applyUpdate(doc, writeUpdate({ structs: [], deleted }), options.origin);
        work.isComplete = isWhole && sizeOfRanges(deleted) === sizeOfRanges(fresh.deleted);
      } catch (cause) {
        throw new DocumentError('broken', 'Expected an update that Yjs can apply, got another', { cause });
      }
    },
    options.origin,
    false,
  );
  if (work.isCostly)
    throw new DocumentError(
      'costly',
      `Expected at most ${options.maxSteps} steps to find all places, got more`,
    );
  return { isComplete: work.isComplete, steps: work.steps };
}

class Work {
  readonly #store: Y.Doc['store'];
  readonly #maxSteps: number;
  steps = 0;
  isComplete = false;

  constructor(store: Y.Doc['store'], maxSteps: number) {
    this.#store = store;
    this.#maxSteps = maxSteps;
  }

  get isCostly(): boolean {
    return this.steps > this.#maxSteps;
  }

  /** Round by round, each client as far as it gets: a client may wait for another, and that one for it. */
  takeIn(transaction: Y.Transaction, structs: readonly Struct[]): boolean {
    let queues = [...Map.groupBy(structs, ({ id }) => id.client).values()].map((own) => ({ own, at: 0 }));
    for (let moved = true; moved && queues.length > 0; ) {
      moved = false;
      for (const queue of queues) {
        for (let next = queue.own[queue.at]; next !== undefined; next = queue.own[queue.at]) {
          if (!this.#isReady(next) || this.isCostly) break;
          this.#take(transaction, next);
          queue.at += 1;
          moved = true;
        }
      }
      queues = queues.filter(({ own, at }) => at < own.length);
    }
    return queues.length === 0;
  }

  #isReady(struct: Struct): boolean {
    const { client, clock } = struct.id;
    if (Y.getState(this.#store, client) !== clock) return false;
    if (struct instanceof Y.GC) return true;
    const { origin, rightOrigin, parent } = struct;
    return [origin, rightOrigin, parent].every((id) => !(id instanceof Y.ID) || this.#has(id));
  }

  #has({ client, clock }: Y.ID): boolean {
    return clock < Y.getState(this.#store, client);
  }

  #take(transaction: Y.Transaction, struct: Struct): void {
    if (struct instanceof Y.Item) {
      // As read, a parent at the top is its name; Yjs's types do not say so.
      const parent: unknown = struct.parent;
      if (typeof parent === 'string') struct.parent = transaction.doc.get(parent);
      struct.getMissing(transaction, this.#store);
      this.steps += conflictSteps(struct, this.#store, this.#maxSteps - this.steps + 1);
      if (this.isCostly) return;
    }
    struct.integrate(transaction, 0);
  }
}
