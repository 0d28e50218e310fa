import {
  type CustomComponent,
  type Patch,
  patchOf,
  quarantineHorizon,
  RegisterStore,
  type Rule,
  readComponentEvents,
  readRuleEvents,
  splitAt,
} from '@weft/core';
import { COMPONENT_EVENT, LAYER_EVENT, RULE_EVENT, WORLD_EVENT } from '../event-types.ts';
import type { EventId, RoomId } from '../ids.ts';
import { stringMember } from '../json.ts';
import type { StateContent } from '../request.ts';
import type { RoomEvent } from '../room-event.ts';
import { predecessorOf } from '../upgrade/follow-upgrades.ts';
import { worldStateOf } from '../upgrade/world-state.ts';
import { PastBlobs } from './past-blobs.ts';
import { CARRIER_TYPES, readCarrier } from './read-carrier.ts';
import { type HistorySource, TimelineWalk, type WalkEnd, type WalkProgress } from './timeline-walk.ts';

/** A world as its room showed it at a moment. */
export interface RoomMoment {
  /** What had been accepted by then, less what was purged since. */
  readonly patch: Patch;
  readonly rules: readonly Rule[];
  readonly components: readonly CustomComponent[];
  /** The events of the world, its rules and its components that held then. */
  readonly state: readonly StateContent[];
  /** What the world was called; `null` where that is not known. */
  readonly title: string | null;
  /** Why something of it may be missing, as a sentence; `null` where nothing is. */
  readonly incomplete: string | null;
}

export interface MomentOptions {
  readonly homeserver: HistorySource;
  readonly room: RoomId;
  /** The moment, in milliseconds since 1970 by the server's clock. */
  readonly atMs: number;
  /** Now, by the same clock. */
  readonly nowMs: number;
  /** What is known of the room now: what was purged since is gone from its past too. */
  readonly present: Patch;
  readonly signal?: AbortSignal;
  readonly progress?: (progress: WalkProgress) => void;
}

/** Events that are read for one moment. */
export const MAX_MOMENT_EVENTS = 100_000;

/** How far an event may claim another time than its neighbours and still be found: clocks of servers differ. */
const SKEW_MS = 10 * 60_000;
const CREATE = 'm.room.create';
const POLICY_TYPES: readonly string[] = [RULE_EVENT, COMPONENT_EVENT, WORLD_EVENT];

/**
 * Reads what a room showed at a moment: the join of every event until then. An event counts from the time that it
 * claims, and from now on where it claims a later one: whoever lies about it moves their own words only. Costs every
 * event of the room up to the moment.
 *
 * @throws HomeserverError
 */
export async function readMoment(options: MomentOptions): Promise<RoomMoment> {
  const { homeserver, room, atMs, nowMs, signal, progress } = options;
  const reading = new MomentReading(options);
  const request = signal === undefined ? {} : { signal };
  const visibility = await homeserver.readStateEvent(room, 'm.room.history_visibility', '', request);
  const hides = HIDING.includes(stringMember(visibility, 'history_visibility') ?? '');
  // Where gaps are to be expected they are found by what later events replaced: all of them are looked at.
  const isShort = !hides && atMs + SKEW_MS < nowMs;
  const from = isShort ? await homeserver.timelineTokenAt(room, atMs + SKEW_MS, request) : null;
  const walk = new TimelineWalk({
    homeserver,
    room,
    from,
    types: [...CARRIER_TYPES, ...POLICY_TYPES],
    maxEvents: MAX_MOMENT_EVENTS,
    ...request,
    ...(progress === undefined ? {} : { progress }),
  });
  for (let page = await walk.next(); page !== null; page = await walk.next())
    for (const event of page) await reading.take(event);
  const end = walk.end === 'beginning' && reading.hasGap ? 'hidden' : walk.end;
  if (end !== 'beginning' || hides) {
    const { events } = await homeserver.readState(room, request);
    for (const event of events) await reading.take(event);
  }
  return reading.result(end);
}

/** History visibilities that leave gaps where a member was away. */
const HIDING: readonly string[] = ['joined', 'invited'];

/** Events come newest first, so that of each key of the room's policy the first is the one that held. */
class MomentReading {
  readonly #options: MomentOptions;
  readonly #store = new RegisterStore();
  readonly #policy = new Map<string, RoomEvent>();
  readonly #seen = new Set<EventId>();
  readonly #replaced = new Set<EventId>();
  readonly #layers = new Set<string>();
  readonly #blobs: PastBlobs;
  readonly #horizon;
  #create: RoomEvent | null = null;
  #lostBlobs = 0;

  constructor(options: MomentOptions) {
    this.#options = options;
    const { homeserver, signal } = options;
    this.#blobs = new PastBlobs(homeserver, signal === undefined ? {} : { signal });
    this.#horizon = quarantineHorizon(options.atMs);
  }

  /** Whether something was replaced that was never shown. */
  get hasGap(): boolean {
    return !this.#replaced.isSubsetOf(this.#seen);
  }

  async take(event: RoomEvent): Promise<void> {
    const { atMs, nowMs } = this.#options;
    this.#seen.add(event.id);
    if (event.replaces !== null) this.#replaced.add(event.replaces);
    if (event.type === CREATE && event.stateKey === '') this.#create = event;
    if (Math.min(event.atMs, nowMs) > atMs) return;
    const key = `${event.type}\0${event.stateKey}`;
    if (POLICY_TYPES.includes(event.type) && event.stateKey !== null && !this.#policy.has(key))
      this.#policy.set(key, event);
    const { patch, blob } = readCarrier(event);
    this.#join(patch);
    if (blob === null || this.#isOlderLayer(event, key)) return;
    const held = await this.#blobs.read(blob, key.replace('\0', '/'));
    if (held === null) this.#lostBlobs += 1;
    else this.#join(held);
  }

  // Each layer holds what the one before it held: the newest of each key will do.
  #isOlderLayer({ type }: RoomEvent, key: string): boolean {
    if (type !== LAYER_EVENT) return false;
    const isOlder = this.#layers.has(key);
    this.#layers.add(key);
    return isOlder;
  }

  #join(patch: Patch): void {
    this.#store.join(splitAt(patch, this.#horizon).admitted);
  }

  result(end: WalkEnd | null): RoomMoment {
    const { present } = this.#options;
    const purges = [...present.objects].flatMap(([id, { purge }]) =>
      purge === null ? [] : [[id, purge] as const],
    );
    this.#store.join(patchOf({ purges }));
    const { rules } = readRuleEvents(this.#ofType(RULE_EVENT));
    const { components } = readComponentEvents(this.#ofType(COMPONENT_EVENT));
    const [world] = this.#ofType(WORLD_EVENT);
    return {
      patch: splitAt(this.#store.toPatch(), this.#horizon).admitted,
      rules,
      components,
      state: worldStateOf([...this.#policy.values()]),
      title: stringMember(world?.content, 'title'),
      incomplete: this.#incomplete(end),
    };
  }

  #incomplete(end: WalkEnd | null): string | null {
    if (this.#create !== null && this.#create.atMs > this.#options.atMs) return before(this.#create);
    if (end !== null && end !== 'beginning') return REASONS[end];
    if (this.#lostBlobs === 0) return null;
    return `${this.#lostBlobs} blobs that events point to cannot be had: what only they hold is missing.`;
  }

  #ofType(type: string): RoomEvent[] {
    return [...this.#policy.values()].filter((event) => event.type === type);
  }
}

/** Why a moment before a room shows nothing, and where the world was then. */
function before(create: RoomEvent): string {
  const made = `This room was made on ${new Date(create.atMs).toISOString()}, later than that.`;
  const old = predecessorOf(create);
  return old === null ? made : `${made} It took the place of ${old}: look there.`;
}

const REASONS: Readonly<Record<Exclude<WalkEnd, 'beginning'>, string>> = {
  hidden:
    'The homeserver shows this user no more of the past (history visibility, or retention): what was overwritten before that is missing.',
  bound: `The past is longer than the ${MAX_MOMENT_EVENTS} events that are read at once: what was overwritten before them is missing.`,
  loop: 'The homeserver gave the same part of the past twice: what was overwritten before it is missing.',
};
