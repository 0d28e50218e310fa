import type { UserId } from '@weft/core';
import {
  type EventId,
  HomeserverError,
  type JsonRecord,
  type MessageContent,
  parseStickyEvent,
  type RequestOptions,
  type RoomId,
  type RtcFeatures,
  type RtcServer,
  type StateContent,
  type StickyEvent,
} from '@weft/matrix';
import { checkEvent } from './event-limits.ts';
import { showEvent } from './show-event.ts';
import type { NewEvent } from './twin-event.ts';
import type { TwinLine } from './twin-line.ts';
import type { TwinRoom } from './twin-room.ts';
import type { TwinStore } from './twin-store.ts';

export interface TwinRtcOptions {
  readonly server: TwinStore;
  readonly user: UserId;
  readonly line: TwinLine;
  /** The room, where this user is in it. */
  readonly visible: (what: string, room: RoomId) => TwinRoom;
}

/** What live sessions need of the twin, for one user. */
export class TwinRtc implements RtcServer {
  readonly #options: TwinRtcOptions;

  constructor(options: TwinRtcOptions) {
    this.#options = options;
  }

  async features(): Promise<RtcFeatures> {
    const { sticky, delayed } = this.#options.server.rtc;
    return { sticky, delayed };
  }

  sendSticky(
    room: RoomId,
    message: MessageContent,
    durationMs: number,
    options?: RequestOptions,
  ): Promise<EventId> {
    const { server, user, line } = this.#options;
    const what = `send ${message.type}`;
    return line.answer(what, options, () => {
      if (!server.rtc.sticky) throw unsupported(what);
      server.spend(what, user);
      const event = this.#checked(what, { ...message, sender: user, stickyMs: durationMs });
      return server.submit(what, server.room(what, room), event);
    });
  }

  readSticky(room: RoomId, options?: RequestOptions): Promise<readonly StickyEvent[]> {
    const { server, line, visible } = this.#options;
    const what = `read what sticks in ${room}`;
    return line.answer(what, options, () => {
      const found = visible(what, room);
      return server.rtc.sticky ? stickyIn(found, server.now()) : [];
    });
  }

  delayState(
    room: RoomId,
    { type, stateKey, content }: StateContent,
    delayMs: number,
    options?: RequestOptions,
  ): Promise<string> {
    return this.#delay(room, { type, stateKey, content, sender: this.#options.user }, delayMs, options);
  }

  delaySticky(
    room: RoomId,
    message: MessageContent,
    { delayMs, durationMs }: { readonly delayMs: number; readonly durationMs: number },
    options?: RequestOptions,
  ): Promise<string> {
    const event = { ...message, sender: this.#options.user, stickyMs: durationMs };
    return this.#delay(room, event, delayMs, options);
  }

  restartDelayed(delay: string, options?: RequestOptions): Promise<void> {
    const what = 'restart what was to be sent later';
    return this.#options.line.answer(what, options, () => this.#options.server.delayed.restart(what, delay));
  }

  cancelDelayed(delay: string, options?: RequestOptions): Promise<void> {
    const what = 'cancel what was to be sent later';
    return this.#options.line.answer(what, options, () => this.#options.server.delayed.cancel(delay));
  }

  transports(options?: RequestOptions): Promise<readonly JsonRecord[]> {
    const { line, server } = this.#options;
    return line.answer('ask for the transports', options, () => server.rtc.transports);
  }

  wellKnownTransports(options?: RequestOptions): Promise<readonly JsonRecord[]> {
    const { line, server } = this.#options;
    return line.answer('look for the transports', options, () => server.rtc.wellKnown);
  }

  #delay(room: RoomId, event: NewEvent, delayMs: number, options?: RequestOptions): Promise<string> {
    const { server, user, line } = this.#options;
    const what = `prepare ${event.type}`;
    return line.answer(what, options, () => {
      if (!server.rtc.delayed) throw unsupported(what);
      server.spend(what, user);
      return server.delayed.add(server.room(what, room).id, this.#checked(what, event), delayMs);
    });
  }

  #checked(what: string, event: NewEvent): NewEvent {
    checkEvent(what, event.type, event.stateKey ?? null, event.content);
    return event;
  }
}

/** What sticks in a room now. */
function stickyIn(room: TwinRoom, nowMs: number): StickyEvent[] {
  return room.timeline
    .filter(({ msc4354_sticky: sticky }) => sticky !== undefined)
    .flatMap((event) => parseStickyEvent(showEvent(room.event(event.event_id) ?? event, room, nowMs)) ?? []);
}

function unsupported(what: string): HomeserverError {
  return new HomeserverError('unsupported', { what, got: 'the twin was made without it' });
}
