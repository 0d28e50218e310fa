import type { EventId, RoomId, Stop, Timers } from '@weft/matrix';
import { answer } from './faults.ts';
import type { NewEvent } from './twin-event.ts';
import type { TwinRoom } from './twin-room.ts';

interface Delayed {
  readonly room: RoomId;
  readonly event: NewEvent;
  readonly delayMs: number;
  stop: Stop;
}

/** Of the server, what sending later needs. */
export interface DelayedSender {
  readonly timers: Timers;
  find(room: RoomId): TwinRoom | undefined;
  submit(what: string, room: TwinRoom, event: NewEvent): EventId;
}

/** Events that a homeserver in memory sends later (MSC4140), unless it is told otherwise. */
export class TwinDelayed {
  readonly #server: DelayedSender;
  readonly #waiting = new Map<string, Delayed>();
  #numbers = 0;

  constructor(server: DelayedSender) {
    this.#server = server;
  }

  add(room: RoomId, event: NewEvent, delayMs: number): string {
    this.#numbers += 1;
    const id = `delay${this.#numbers}`;
    const delayed: Delayed = { room, event, delayMs, stop: () => undefined };
    this.#waiting.set(id, delayed);
    this.#schedule(id, delayed);
    return id;
  }

  restart(what: string, id: string): void {
    const delayed = this.#waiting.get(id);
    if (delayed === undefined) throw answer(what, 404, 'M_NOT_FOUND', 'Delayed event not found');
    delayed.stop();
    this.#schedule(id, delayed);
  }

  /** Nothing is sent; an unknown one is passed over. */
  cancel(id: string): void {
    this.#waiting.get(id)?.stop();
    this.#waiting.delete(id);
  }

  #schedule(id: string, delayed: Delayed): void {
    delayed.stop = this.#server.timers.after(delayed.delayMs, () => {
      this.#waiting.delete(id);
      const room = this.#server.find(delayed.room);
      // Whoever may not send it any more has it dropped in silence.
      if (room !== undefined && room.refusal(delayed.event) === null)
        this.#server.submit('send what was delayed', room, delayed.event);
    });
  }
}
