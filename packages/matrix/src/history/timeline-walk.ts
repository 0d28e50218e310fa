import { HomeserverError } from '../errors.ts';
import type { Homeserver } from '../homeserver.ts';
import type { EventId, RoomId } from '../ids.ts';
import type { RoomEvent } from '../room-event.ts';

/** What reading the past asks of a homeserver. */
export type HistorySource = Pick<
  Homeserver,
  'readTimeline' | 'readEvent' | 'readState' | 'readStateEvent' | 'timelineTokenAt' | 'download'
>;

/** Events of one page: what homeservers give at most. */
export const HISTORY_PAGE_EVENTS = 1000;
/** Pages of one walk, empty ones included. */
export const MAX_HISTORY_PAGES = 1000;

/**
 * Why a walk went no further: it saw the room's beginning; the rest is hidden from this user or was deleted; it was
 * long enough; the homeserver led it in a circle.
 */
export type WalkEnd = 'beginning' | 'hidden' | 'bound' | 'loop';

export interface WalkProgress {
  /** Events read so far. */
  readonly events: number;
  /** What the latest of them claims as its time; `null` before the first. */
  readonly reachedMs: number | null;
}

export interface WalkOptions {
  readonly homeserver: HistorySource;
  readonly room: RoomId;
  /** Where to begin; `null` is now. */
  readonly from: string | null;
  /** Types that count; `m.room.create` besides, by which the beginning is known. */
  readonly types: readonly string[];
  readonly maxEvents: number;
  readonly signal?: AbortSignal;
  readonly progress?: (progress: WalkProgress) => void;
}

const CREATE = 'm.room.create';

/**
 * Goes back through a room's events page by page. A homeserver may lie: no token is followed twice, no event is given
 * twice, and pages and events are bounded.
 */
export class TimelineWalk {
  readonly #options: WalkOptions;
  readonly #tokens = new Set<string | null>();
  readonly #seen = new Set<EventId>();
  #token: string | null;
  #end: WalkEnd | null = null;
  #malformed = 0;

  constructor(options: WalkOptions) {
    this.#options = options;
    this.#token = options.from;
  }

  /** Why there is no further page; `null` while there may be one. */
  get end(): WalkEnd | null {
    return this.#end;
  }

  /** Where the next page begins. */
  get token(): string | null {
    return this.#token;
  }

  /** What could not be read as an event. */
  get malformed(): number {
    return this.#malformed;
  }

  /**
   * The next page, newest first; `null` after the last.
   *
   * @throws HomeserverError `aborted` at the signal, and as `Homeserver.readTimeline`
   */
  async next(): Promise<readonly RoomEvent[] | null> {
    if (this.#end !== null) return null;
    const { homeserver, room, types, maxEvents, signal, progress } = this.#options;
    if (signal?.aborted === true)
      throw new HomeserverError('aborted', { what: `read the history of ${room}`, got: 'it was cancelled' });
    this.#tokens.add(this.#token);
    const left = maxEvents - this.#seen.size;
    const page = await homeserver.readTimeline(
      room,
      {
        from: this.#token,
        direction: 'backward',
        limit: Math.min(HISTORY_PAGE_EVENTS, left),
        types: [...types, CREATE],
      },
      signal === undefined ? {} : { signal },
    );
    const events: RoomEvent[] = [];
    for (const event of page.events.slice(0, left)) {
      if (this.#seen.has(event.id)) continue;
      this.#seen.add(event.id);
      events.push(event);
    }
    this.#malformed += page.malformed.length;
    this.#end = this.#ended(events, page.end);
    this.#token = page.end;
    progress?.({ events: this.#seen.size, reachedMs: events.at(-1)?.atMs ?? null });
    return events;
  }

  #ended(events: readonly RoomEvent[], end: string | null): WalkEnd | null {
    if (events.some(({ type, stateKey }) => type === CREATE && stateKey === '')) return 'beginning';
    if (end === null) return 'hidden';
    if (this.#tokens.has(end)) return 'loop';
    const full = this.#seen.size >= this.#options.maxEvents || this.#tokens.size >= MAX_HISTORY_PAGES;
    return full ? 'bound' : null;
  }
}
