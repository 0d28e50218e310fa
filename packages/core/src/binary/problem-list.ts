import { type IntakeProblem, quote } from '../event/intake-problem.ts';
import type { ObjectId } from '../ids.ts';
import { MAX_LISTED_PROBLEMS } from './limits.ts';

/** What was skipped while a file was read. */
export class ProblemList {
  readonly #carrier: string;
  readonly #listed: IntakeProblem[] = [];
  #unlisted = 0;

  constructor(carrier: string) {
    this.#carrier = carrier;
  }

  add(path: string | null, reason: string, id: ObjectId | null = null): void {
    if (this.#listed.length === MAX_LISTED_PROBLEMS) {
      this.#unlisted += 1;
      return;
    }
    const carrier = id === null ? this.#carrier : `${this.#carrier}/${id}`;
    this.#listed.push({ carrier, path: path === null ? null : quote(path), reason });
  }

  list(): readonly IntakeProblem[] {
    if (this.#unlisted === 0) return this.#listed;
    const reason = `${this.#unlisted} more problems`;
    return [...this.#listed, { carrier: this.#carrier, path: null, reason }];
  }
}
