import { emptyPatch, type ObjectId, RegisterStore, type UserId, WeftError } from '@weft/core';
import { OBJECT_EVENT } from '../event-types.ts';
import { type EventId, isEventId, type RoomId } from '../ids.ts';
import type { RequestOptions } from '../request.ts';
import { decodeCarrier } from '../room/decode-carrier.ts';
import { type RoomEvent, redactionTarget } from '../room-event.ts';
import { entryOf, type LogEntry } from './log-entry.ts';
import { CARRIER_TYPES, type PastCarrier, readCarrier } from './read-carrier.ts';
import { type HistorySource, TimelineWalk, type WalkEnd, type WalkProgress } from './timeline-walk.ts';

export interface ReadLogOptions {
  readonly homeserver: HistorySource;
  readonly room: RoomId;
  /** Only what happened to this object. */
  readonly object?: ObjectId;
  /** Only events that this user sent. */
  readonly user?: UserId;
  /** Nothing older than this, in milliseconds since 1970. */
  readonly sinceMs?: number;
  /** The `next` of an earlier page. */
  readonly before?: string;
  /** At most this many entries: 1 to 200. */
  readonly limit: number;
  readonly signal?: AbortSignal;
  readonly progress?: (progress: WalkProgress) => void;
}

export interface RoomLog {
  /** Newest first. */
  readonly entries: readonly LogEntry[];
  /** Where the log goes on; `null` where this user can read no more. */
  readonly next: string | null;
  /** How far back this page looked. */
  readonly end: WalkEnd | 'more';
}

/** Entries of one page. */
export const MAX_LOG_ENTRIES = 200;
/** Events that are read for one page. */
export const MAX_LOG_EVENTS = 20_000;

const REDACTION = 'm.room.redaction';
const MAX_CURSOR_CHARACTERS = 8192;

/**
 * Who changed what, newest first. What an event changed is what it says beyond all that is older, as far as that was
 * read: repairs and views that only repeat say nothing and are left out. Redacted events are gone from the log, too.
 *
 * Costs the events that it passes, and one request for each event that replaced something older still.
 *
 * @throws WeftError `limit`, `invalid-value` for what is no `next`
 * @throws HomeserverError
 */
export async function readLog(options: ReadLogOptions): Promise<RoomLog> {
  const { homeserver, room, limit, sinceMs, signal, progress } = options;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LOG_ENTRIES) throw badLimit(limit);
  const cursor = options.before === undefined ? null : readCursor(options.before);
  const request: RequestOptions = signal === undefined ? {} : { signal };
  const walk = new TimelineWalk({
    homeserver,
    room,
    from: cursor?.token ?? null,
    types: [...CARRIER_TYPES, REDACTION],
    maxEvents: MAX_LOG_EVENTS,
    ...request,
    ...(progress === undefined ? {} : { progress }),
  });
  const window = new LogWindow(options, cursor?.event ?? null);
  let wanted = limit;
  for (;;) {
    const { token } = walk;
    const page = await walk.next();
    if (page === null) break;
    window.add(page, token);
    const isOld = sinceMs !== undefined && page.some(({ atMs }) => atMs < sinceMs);
    if (!isOld && walk.end === null && window.candidates <= wanted) continue;
    if (walk.end !== null || isOld) break;
    if ((await window.entries(false, request)).length > limit) break;
    // Many of them repeat what is older: look further before the next try.
    wanted = window.candidates * 2;
  }
  const all = await window.entries(walk.end === 'beginning', request);
  const entries = all.slice(0, limit);
  const last = all.length > limit ? entries.at(-1) : undefined;
  if (last !== undefined) return { entries, next: window.cursorAt(last.event), end: 'more' };
  const end = walk.end === 'beginning' && window.hasGap ? 'hidden' : (walk.end ?? 'more');
  const isOver = sinceMs !== undefined && window.reaches(sinceMs);
  return { entries, next: end === 'bound' && !isOver ? window.cursorAt(null) : null, end };
}

interface Held {
  readonly event: RoomEvent;
  readonly said: PastCarrier;
  /** Of the page that it came in. */
  readonly token: string | null;
}

/** What is known of the time before an event. */
interface Past {
  readonly store: RegisterStore;
  readonly known: Set<ObjectId>;
  /** The event of each key that held then. */
  readonly current: Map<string, EventId>;
  readonly whole: boolean;
}

/** What was read so far, newest first. */
class LogWindow {
  readonly #options: ReadLogOptions;
  readonly #held: Held[] = [];
  readonly #older = new Map<EventId, RoomEvent | null>();
  #skip: EventId | null;
  candidates = 0;
  /** Whether something was replaced that this user may not see. */
  hasGap = false;

  constructor(options: ReadLogOptions, skip: EventId | null) {
    this.#options = options;
    this.#skip = skip;
  }

  add(page: readonly RoomEvent[], token: string | null): void {
    for (const event of page) {
      if (this.#skip !== null) {
        if (event.id === this.#skip) this.#skip = null;
        continue;
      }
      const held = { event, said: readCarrier(event), token };
      this.#held.push(held);
      if (this.#isCandidate(held)) this.candidates += 1;
    }
  }

  /**
   * Every entry that was asked for and that the window shows, newest first.
   *
   * @param whole whether nothing is older than the window
   */
  async entries(whole: boolean, request: RequestOptions): Promise<readonly LogEntry[]> {
    await this.#readOlder(request);
    const store = new RegisterStore();
    const known = new Set<ObjectId>();
    for (const event of this.#older.values()) {
      const said = event === null ? null : readCarrier(event).patch;
      for (const id of said?.objects.keys() ?? []) known.add(id);
      if (said !== null) store.join(said);
    }
    const current = new Map<string, EventId>();
    const entries: LogEntry[] = [];
    for (const held of this.#held.toReversed()) {
      const entry = this.#entryOf(held, { store, known, current, whole });
      if (entry !== null && this.#isAsked(entry)) entries.push(entry);
    }
    return entries.reverse();
  }

  /** Where the log goes on behind this event; behind all of them for `null`. */
  cursorAt(event: EventId | null): string | null {
    const held = event === null ? this.#held.at(-1) : this.#held.find(({ event: { id } }) => id === event);
    return held === undefined ? null : `${held.event.id} ${held.token ?? ''}`;
  }

  reaches(atMs: number): boolean {
    return this.#held.some(({ event }) => event.atMs < atMs);
  }

  #entryOf({ event, said }: Held, { store, known, current, whole }: Past): LogEntry | null {
    if (event.type === REDACTION) {
      const target = this.#targetOf(event);
      if (target === undefined) return null;
      const holds = current.get(keyOf(target)) ?? target.id;
      return holds === target.id ? entryOf(store, event, purgeOf(target), () => false) : null;
    }
    if (event.stateKey === null || event.type === 'm.room.create') return null;
    current.set(keyOf(event), event.id);
    const entry = entryOf(store, event, said, (id) => whole || known.has(id) || isFirst(event));
    for (const id of said.patch.objects.keys()) known.add(id);
    return entry.objects.length === 0 && entry.unlisted === 0 ? null : entry;
  }

  #isAsked({ user, objects, atMs }: LogEntry): boolean {
    const { user: wanted, object, sinceMs } = this.#options;
    if (wanted !== undefined && user !== wanted) return false;
    if (sinceMs !== undefined && atMs < sinceMs) return false;
    return object === undefined || objects.some(({ id }) => id === object);
  }

  #isCandidate({ event, said: { patch, blob } }: Held): boolean {
    const { user, object } = this.#options;
    if (user !== undefined && event.sender !== user) return false;
    if (event.type === REDACTION) return true;
    return object === undefined ? patch.objects.size > 0 || blob !== null : patch.objects.has(object);
  }

  #targetOf(redaction: RoomEvent): RoomEvent | undefined {
    const id = redactionTarget(redaction);
    if (id === null) return undefined;
    const event = this.#held.find((held) => held.event.id === id)?.event ?? this.#older.get(id) ?? undefined;
    return event?.type === OBJECT_EVENT && event.redactedAtMs !== null ? event : undefined;
  }

  /** What the newest candidates replaced or redacted and the window does not hold; each is asked for once. */
  async #readOlder(request: RequestOptions): Promise<void> {
    const { homeserver, room, limit } = this.#options;
    const ids = new Set(this.#held.map(({ event }) => event.id));
    const newest = this.#held.filter((held) => this.#isCandidate(held)).slice(0, limit + 1);
    for (const { event } of newest) {
      const before = event.type === REDACTION ? redactionTarget(event) : event.replaces;
      if (before === null || ids.has(before) || this.#older.has(before)) continue;
      const found = await homeserver.readEvent(room, before, request);
      this.#older.set(before, found);
      if (found === null && event.type !== REDACTION) this.hasGap = true;
    }
  }
}

/** A redacted object event purges its object; that is all it still says. */
function purgeOf(event: RoomEvent): PastCarrier {
  return decodeCarrier(event) ?? { patch: emptyPatch, blob: null };
}

/** Whether nothing was said of the object before, as far as its own key goes. */
function isFirst({ type, replaces }: RoomEvent): boolean {
  return type === OBJECT_EVENT && replaces === null;
}

function keyOf({ type, stateKey }: RoomEvent): string {
  return `${type}\0${stateKey}`;
}

function readCursor(text: string): { readonly event: EventId; readonly token: string | null } {
  const space = text.indexOf(' ');
  const [event, token] = [text.slice(0, Math.max(space, 0)), text.slice(space + 1)];
  if (isEventId(event) && text.length <= MAX_CURSOR_CHARACTERS)
    return { event, token: token === '' ? null : token };
  throw new WeftError('invalid-value', {
    what: 'read on in the log',
    expected: 'the "next" of an earlier page, whole',
    got: JSON.stringify(text),
    hint: 'Copy it as it was given, the space in it included.',
  });
}

function badLimit(limit: number): WeftError {
  return new WeftError('limit', {
    what: 'read the log',
    expected: `1 to ${MAX_LOG_ENTRIES} entries at once`,
    got: String(limit),
    hint: 'Read on with the "next" of each page.',
  });
}
