import type { EventId } from '../ids.ts';

/** Views that the homeserver refused, at most: of more, all are tried again. */
const MAX_REFUSED_VIEWS = 1000;

/** Which objects need no view now: it was refused, or accepted and not shown yet. */
export class ViewLog {
  readonly #refused = new Set<string>();
  readonly #accepted = new Map<string, EventId>();

  /** Accepted, and not shown yet. */
  get underWay(): number {
    return this.#accepted.size;
  }

  isDone(id: string): boolean {
    return this.#refused.has(id) || this.#accepted.has(id);
  }

  /** Accepted, and not shown yet. */
  isUnderWay(id: string): boolean {
    return this.#accepted.has(id);
  }

  accepted(id: string, event: EventId): void {
    this.#accepted.set(id, event);
  }

  refused(id: string): void {
    if (this.#refused.size >= MAX_REFUSED_VIEWS) this.#refused.clear();
    this.#refused.add(id);
  }

  /** The sync told of these events. */
  shown(events: ReadonlySet<EventId>): void {
    for (const [id, event] of this.#accepted) if (events.has(event)) this.#accepted.delete(id);
  }

  /** The whole state was read: what it does not show is not there. */
  read(): void {
    this.#accepted.clear();
  }

  forgetRefusals(): void {
    this.#refused.clear();
  }
}
