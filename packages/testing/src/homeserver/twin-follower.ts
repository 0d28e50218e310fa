import type { UserId } from '@weft/core';
import type { Stop } from '@weft/matrix';
import {
  type EventId,
  type Following,
  parseRoomEvent,
  parseStickyEvent,
  type RoomEvent,
  type RoomId,
  type RoomListener,
  redactionTarget,
  type StickyEvent,
} from '@weft/matrix';
import type { Faults } from './faults.ts';
import { showEvent } from './show-event.ts';
import type { TwinEvent } from './twin-event.ts';
import type { TwinRoom } from './twin-room.ts';
import type { TwinStore } from './twin-store.ts';

/** Synapse answers a waiting sync a moment after the event, so that a burst comes as one response. */
export const SYNC_DELAY_MS = 5;
/** Past this many events a response is `limited`: the timeline has the newest, and a gap before them. */
const MAX_TIMELINE_EVENTS = 100;
const RETRY_MS = 250;

export interface FollowerOptions {
  readonly server: TwinStore;
  readonly user: UserId;
  readonly room: TwinRoom;
  readonly listener: RoomListener;
  readonly since: string | null;
  readonly faults: Faults;
  /** A response came in. */
  readonly heard: () => void;
  readonly removed: () => void;
}

/** The sync of one room by one user. */
export class TwinFollower implements Following {
  readonly #options: FollowerOptions;
  #position = 0;
  #replaced = 0;
  #continued = false;
  #gap = false;
  #online = false;
  #held = false;
  #stopTimer: Stop = () => {};
  readonly #stopListening: Stop;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#stopListening = options.server.addFollower({ room: options.room.id, wake: () => this.wake() });
  }

  get room(): RoomId {
    return this.#options.room.id;
  }

  get continued(): boolean {
    return this.#continued;
  }

  /** Delivers what came after `since`, or the whole state. */
  start(): void {
    const { room, since } = this.#options;
    const place = since === null ? null : placeOf(since, room);
    if (place !== null) {
      this.#continued = true;
      [this.#position, this.#replaced] = place;
      this.#deliver();
      return;
    }
    this.#position = room.timeline.length;
    this.#replaced = room.replacements.length;
    this.#connection('online');
    this.#update({ complete: true, gap: false, state: room.state, timeline: deepestOf(room.timeline) });
  }

  stop(): void {
    this.#stopTimer();
    this.#stopListening();
    this.#options.removed();
  }

  /** Responses are held back until `release`, as by a slow server. */
  hold(): void {
    this.#held = true;
  }

  /** `limited`: the response comes with a gap, however little it leaves out. */
  release(limited = false): void {
    this.#held = false;
    this.#gap = this.#gap || limited;
    this.wake();
  }

  wake(): void {
    const { server, faults } = this.#options;
    this.#stopTimer();
    const delayMs = this.#isLost ? RETRY_MS : SYNC_DELAY_MS;
    this.#stopTimer = server.timers.after(delayMs + faults.delayMs(), () => this.#deliver());
  }

  get #isLost(): boolean {
    return this.#options.faults.offline || this.#options.server.down;
  }

  #deliver(): void {
    const { room, faults } = this.#options;
    if (this.#isLost) {
      // Comes back by `wake`, when the line or the server does.
      this.#connection('offline');
      this.#gap = true;
      return;
    }
    if (this.#held || faults.mute) return;
    const events = this.#visible(room.timeline.slice(this.#position));
    if (events === null) {
      this.#connection('online');
      return;
    }
    const limited = this.#gap || events.length > MAX_TIMELINE_EVENTS;
    const timeline = events.length < 2 || !limited ? events : events.slice(-newestOf(events.length));
    const state = this.#stateOf(events, timeline);
    this.#position += events.length;
    this.#replaced = room.replacements.length;
    this.#gap = false;
    this.#connection('online');
    if (events.length + state.length === 0 && !limited) return;
    this.#update({ complete: false, gap: limited, state, timeline });
  }

  // Who left, or was made to, is told of that and of nothing after it until they are in the room again.
  #visible(events: readonly TwinEvent[]): readonly TwinEvent[] | null {
    const { room, user } = this.#options;
    if (room.membership(user) === 'join') return events;
    const own = events.findLastIndex((event) => event.type === 'm.room.member' && event.state_key === user);
    return own < 0 ? null : events.slice(0, own + 1);
  }

  #stateOf(events: readonly TwinEvent[], timeline: readonly TwinEvent[]): readonly TwinEvent[] {
    if (this.#options.server.stateAfter) return this.#stateAfter(events);
    // Without MSC4222 there is the state at the start of the timeline, and that of the timeline on top of it.
    const shown = new Set(timeline);
    const before = this.#stateAfter(events.filter((event) => !shown.has(event)));
    return [...before, ...timeline.filter((event) => event.state_key !== undefined)];
  }

  // What a state resolution let win is reported; what it took away is not, and is shown as if it were still there.
  #stateAfter(events: readonly TwinEvent[]): TwinEvent[] {
    const { room } = this.#options;
    const changed = new Set<EventId>();
    for (const { event_id: id, type, state_key: key } of events)
      if (key !== undefined) changed.add(room.current(type, key)?.event_id ?? id);
    for (const { event } of room.replacements.slice(this.#replaced)) {
      const found = room.event(event);
      const current = found?.state_key === undefined ? undefined : room.current(found.type, found.state_key);
      if (current !== undefined) changed.add(current.event_id);
    }
    return [...changed].flatMap((id) => room.event(id) ?? []);
  }

  #update(raw: {
    readonly complete: boolean;
    readonly gap: boolean;
    readonly state: readonly TwinEvent[];
    readonly timeline: readonly TwinEvent[];
  }): void {
    const { server, room, listener, heard } = this.#options;
    const malformed: string[] = [];
    const read = (events: readonly TwinEvent[]): RoomEvent[] =>
      events.flatMap((event) => {
        const parsed = parseRoomEvent(showEvent(event, room, server.now()));
        if (parsed === null) malformed.push(`event ${event.event_id}`);
        return parsed ?? [];
      });
    const redactions = raw.timeline.flatMap((event) => {
      const target = event.type === 'm.room.redaction' ? redactionTarget(event) : null;
      return target === null ? [] : [{ target, atMs: event.origin_server_ts }];
    });
    const state = read(raw.state);
    const timeline = read(raw.timeline);
    heard();
    const { complete, gap } = raw;
    const token = `${this.#position}_${this.#replaced}`;
    const sticky = server.rtc.sticky ? this.#sticky(raw.complete ? room.timeline : raw.timeline) : [];
    listener.update({ complete, gap, state, timeline, redactions, sticky, malformed, token });
  }

  #sticky(events: readonly TwinEvent[]): StickyEvent[] {
    const { room, server } = this.#options;
    return events.flatMap((event) => parseStickyEvent(showEvent(event, room, server.now())) ?? []);
  }

  #connection(state: 'online' | 'offline'): void {
    if (this.#online === (state === 'online')) return;
    this.#online = state === 'online';
    this.#options.listener.connection(state, null);
  }
}

function newestOf(events: number): number {
  return Math.min(MAX_TIMELINE_EVENTS, Math.floor(events / 2));
}

/** The place in a room's stream that a token of this server names. */
// A first sync tells the last event of the partial order, as Synapse does: after a split that may be one of the other side.
function deepestOf(timeline: readonly TwinEvent[]): readonly TwinEvent[] {
  return timeline.toSorted((one, other) => one.depth - other.depth).slice(-1);
}

function placeOf(token: string, room: TwinRoom): readonly [number, number] | null {
  const [, position = '', replaced = ''] = /^(\d+)_(\d+)$/.exec(token) ?? [];
  const place = [Number(position), Number(replaced)] as const;
  const isKnown = position !== '' && place[0] <= room.timeline.length && place[1] <= room.replacements.length;
  return isKnown ? place : null;
}
