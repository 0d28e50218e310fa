import { HomeserverError } from '../errors.ts';
import { WEFT_EVENTS } from '../event-types.ts';
import type { Following, RoomListener } from '../homeserver.ts';
import type { RoomId } from '../ids.ts';
import { member, stringMember } from '../json.ts';
import type { ServerClock } from '../server-clock.ts';
import type { Stop, Timers } from '../timers.ts';
import { type RawUpdate, roomUpdate } from './room-update.ts';

export interface SyncQuery {
  readonly [name: string]: string;
}

export interface SyncLoopOptions {
  readonly room: RoomId;
  readonly listener: RoomListener;
  /** Where to go on from; `null` to begin with the whole state. */
  readonly since: string | null;
  readonly clock: ServerClock;
  readonly timers: Timers;
  /** `GET /sync`; fails with a `HomeserverError`. */
  readonly request: (query: SyncQuery, timeoutMs: number, signal: AbortSignal) => Promise<unknown>;
  /** `GET /state`, for servers whose first sync does not hold all of it. */
  readonly readState: (signal: AbortSignal) => Promise<unknown>;
  /** The room's create event, in case the sync does not hold it. */
  readonly readCreateEvent: (signal: AbortSignal) => Promise<unknown>;
  /** A fraction in [0, 1), for jitter. */
  readonly fraction: () => number;
}

interface FirstUpdate extends RawUpdate {
  state: unknown[];
  /** Whether the state is what the server holds in the end (`state_after`). */
  readonly resolved: boolean;
}

const POLL_TIMEOUT_MS = 30_000;
const ANSWER_GRACE_MS = 30_000;
const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 5000;
const MAX_TIMELINE_EVENTS = 100;

/** The types of timeline events that Weft reads; chat and the rest stay on the server. */
const TIMELINE_TYPES = [
  ...WEFT_EVENTS,
  'm.room.redaction',
  'm.room.member',
  'm.room.power_levels',
  'm.room.join_rules',
  'm.room.server_acl',
  'm.room.encryption',
  'm.room.tombstone',
  'm.room.name',
];

/**
 * A `/sync` of one room and of no more than a world needs. matrix-js-sdk's own loop keeps every event in memory,
 * leaves a 110 s timer behind with each request and moves its token before anybody has read the response.
 */
export class SyncLoop implements Following {
  readonly #options: SyncLoopOptions;
  readonly #abort = new AbortController();
  #token: string | null;
  #continued = false;
  #online = false;
  #lost = false;
  #retryMs = FIRST_RETRY_MS;
  #stopWait: Stop = () => {};

  constructor(options: SyncLoopOptions) {
    this.#options = options;
    this.#token = options.since;
  }

  get continued(): boolean {
    return this.#continued;
  }

  /**
   * Resolves once the first response, with the whole state or with what came after `since`, was delivered; the loop then
   * goes on until `stop`.
   *
   * @throws HomeserverError where the first request fails
   */
  async start(): Promise<void> {
    await this.#first();
    void this.#run();
  }

  stop(): void {
    this.#stopWait();
    this.#abort.abort();
  }

  async #first(): Promise<void> {
    this.#continued = this.#token !== null;
    try {
      await this.#step();
    } catch (error) {
      if (!this.#continued || !isUnknownToken(error)) throw error;
      this.#continued = false;
      this.#token = null;
      await this.#step();
    }
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#step();
      } catch (error) {
        if (this.#stopped) return;
        if (!this.#survives(error)) return;
        await this.#pause(error);
      }
    }
  }

  async #step(): Promise<void> {
    const { listener, clock, timers } = this.#options;
    const { signal } = this.#abort;
    const complete = this.#token === null;
    const waitMs = complete || !this.#online ? 0 : POLL_TIMEOUT_MS;
    const query: SyncQuery = {
      filter: this.#filter(complete),
      timeout: String(waitMs),
      set_presence: 'offline',
      use_state_after: 'true',
      'org.matrix.msc4222.use_state_after': 'true',
      ...(this.#token === null ? {} : { since: this.#token }),
    };
    const response = await this.#options.request(query, waitMs + ANSWER_GRACE_MS, signal);
    const arrivedMs = timers.now();
    const raw = this.#read(response, complete);
    if (complete) await this.#makeWhole(raw);
    if (signal.aborted) return;
    const update = roomUpdate(raw);
    clock.observe([...update.state, ...update.timeline], arrivedMs);
    if (complete || update.gap || raw.state.length + raw.timeline.length > 0) listener.update(update);
    this.#token = update.token;
    this.#lost = false;
    this.#retryMs = FIRST_RETRY_MS;
    if (this.#online) return;
    this.#online = true;
    listener.connection('online', null);
  }

  #read(response: unknown, complete: boolean): FirstUpdate {
    const rooms = member(response, 'rooms');
    const { room } = this.#options;
    const found = member(member(rooms, 'join'), room) ?? member(member(rooms, 'leave'), room);
    const timeline = events(member(found, 'timeline'));
    const stateAfter = member(found, 'state_after') ?? member(found, 'org.matrix.msc4222.state_after');
    // Without MSC4222 the timeline's state comes on top of what was before it.
    const state =
      stateAfter === undefined
        ? [
            ...events(member(found, 'state')),
            ...timeline.filter((event) => stringMember(event, 'state_key') !== null),
          ]
        : events(stateAfter);
    const limited = member(member(found, 'timeline'), 'limited') === true;
    const token = stringMember(response, 'next_batch');
    const gap = !complete && (limited || this.#lost);
    return { complete, gap, state, timeline, token, resolved: stateAfter !== undefined };
  }

  // Without MSC4222 a room whose history forked (two servers that were apart) has state that is neither in what was
  // before the timeline, on one branch, nor in the timeline, which is short.
  async #makeWhole(raw: FirstUpdate): Promise<void> {
    if (!raw.resolved) {
      const state = await this.#options.readState(this.#abort.signal);
      if (Array.isArray(state)) raw.state = state;
    }
    await this.#addCreateEvent(raw);
  }

  // Synapse (1.163) applies the filter's `rooms` to the create event, which has no room id in version 12, and drops it.
  async #addCreateEvent(raw: { readonly state: unknown[] }): Promise<void> {
    if (raw.state.some((event) => stringMember(event, 'type') === 'm.room.create')) return;
    raw.state.push(await this.#options.readCreateEvent(this.#abort.signal));
  }

  #survives(error: unknown): boolean {
    const { listener } = this.#options;
    const failure = error instanceof HomeserverError ? error : null;
    this.#online = false;
    this.#lost = true;
    listener.connection('offline', failure);
    if (isUnknownToken(error) && this.#token !== null) {
      this.#token = null;
      return true;
    }
    return failure === null || failure.retry;
  }

  #pause(error: unknown): Promise<void> {
    const { timers, fraction } = this.#options;
    const asked = error instanceof HomeserverError ? error.retryAfterMs : null;
    const delayMs = asked ?? this.#retryMs * (1 + fraction() / 2);
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS);
    return new Promise((resolve) => {
      const cancel = timers.after(delayMs, resolve);
      this.#stopWait = () => {
        cancel();
        resolve();
      };
    });
  }

  get #stopped(): boolean {
    return this.#abort.signal.aborted;
  }

  #filter(first: boolean): string {
    const none = { types: [] };
    return JSON.stringify({
      presence: none,
      account_data: none,
      room: {
        rooms: [this.#options.room],
        account_data: none,
        ephemeral: none,
        state: { lazy_load_members: true },
        timeline: {
          limit: first ? 1 : MAX_TIMELINE_EVENTS,
          types: TIMELINE_TYPES,
          lazy_load_members: true,
          // Synapse answers a first request that it has seen from a cache for two minutes, without what came since.
          ...(first ? { not_senders: [`@${this.#nonce()}:nobody.invalid`] } : {}),
        },
      },
    });
  }

  #nonce(): string {
    return Math.floor(this.#options.fraction() * Number.MAX_SAFE_INTEGER).toString(36);
  }
}

/** A restored server may not know it any more: begin again from the whole state. */
function isUnknownToken(error: unknown): boolean {
  return error instanceof HomeserverError && error.code === 'bad-event';
}

function events(section: unknown): unknown[] {
  const found = member(section, 'events');
  return Array.isArray(found) ? found : [];
}
