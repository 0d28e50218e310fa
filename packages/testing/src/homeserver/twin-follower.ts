import type { UserId } from '@weft/core';
import type { Stop } from '@weft/matrix';
import {
  type EventId,
  type Following,
  parseRoomEvent,
  type RoomEvent,
  type RoomId,
  type RoomListener,
  redactionTarget,
} from '@weft/matrix';
import type { Faults } from './faults.ts';
import type { TwinEvent, TwinRoom } from './twin-room.ts';
import type { TwinStore } from './twin-store.ts';

/** Synapse answers a waiting sync a moment after the event, so that a burst comes as one response. */
const SYNC_DELAY_MS = 5;
/** Past this many events a response is `limited`: the timeline has the newest, and a gap before them. */
const MAX_TIMELINE_EVENTS = 100;
const RETRY_MS = 250;

export interface FollowerOptions {
  readonly server: TwinStore;
  readonly user: UserId;
  readonly room: TwinRoom;
  readonly listener: RoomListener;
  readonly faults: Faults;
  readonly removed: () => void;
}

/** The sync of one room by one user. */
export class TwinFollower implements Following {
  readonly #options: FollowerOptions;
  #position = 0;
  #replaced = 0;
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

  /** Delivers the whole state. */
  start(): void {
    const { room } = this.#options;
    this.#position = room.timeline.length;
    this.#replaced = room.replacements.length;
    this.#connection('online');
    this.#update({ complete: true, gap: false, state: room.state, timeline: room.timeline.slice(-1) });
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
    this.#stopTimer = server.timers.after(faults.offline ? RETRY_MS : SYNC_DELAY_MS, () => this.#deliver());
  }

  #deliver(): void {
    const { room, faults } = this.#options;
    if (faults.offline) {
      this.#connection('offline');
      this.#gap = true;
      this.wake();
      return;
    }
    if (this.#held) return;
    const events = room.timeline.slice(this.#position);
    const limited = this.#gap || events.length > MAX_TIMELINE_EVENTS;
    const state = this.#stateAfter(events);
    this.#position = room.timeline.length;
    this.#replaced = room.replacements.length;
    this.#gap = false;
    this.#connection('online');
    if (events.length + state.length === 0 && !limited) return;
    const shown = limited
      ? events.slice(-Math.min(MAX_TIMELINE_EVENTS, Math.floor(events.length / 2)))
      : events;
    const timeline = events.length < 2 ? events : shown;
    this.#update({ complete: false, gap: limited, state, timeline });
  }

  // What a state resolution let win is reported; what it took away is not.
  #stateAfter(events: readonly TwinEvent[]): TwinEvent[] {
    const { room } = this.#options;
    const changed = new Set<EventId>();
    for (const { type, state_key: key } of events) {
      const current = key === undefined ? undefined : room.current(type, key);
      if (current !== undefined) changed.add(current.event_id);
    }
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
    const { server, room, listener } = this.#options;
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
    listener.update({ complete: raw.complete, gap: raw.gap, state, timeline, redactions, malformed });
  }

  #connection(state: 'online' | 'offline'): void {
    if (this.#online === (state === 'online')) return;
    this.#online = state === 'online';
    this.#options.listener.connection(state, null);
  }
}

/** An event as the client-server API shows it now. */
export function showEvent(event: TwinEvent, room: TwinRoom, nowMs: number): object {
  const { replaces, ...shown } = event;
  const redaction = room.redactions.get(event.event_id);
  return {
    ...shown,
    unsigned: {
      age: nowMs - event.origin_server_ts,
      ...(replaces === null ? {} : { replaces_state: replaces }),
      ...(redaction === undefined ? {} : { redacted_because: redaction }),
    },
  };
}
