import { type EventContent, forgetOldest, type Stop, type Timers, type UserId } from '@weft/core';
import type { Homeserver, ReceivedToDevice } from '@weft/matrix';
import {
  readTicketRequest,
  TICKET_EVENT,
  TICKET_REFUSED_EVENT,
  TICKET_REQUEST_EVENT,
  type TicketRequestMessage,
  ticketContent,
  ticketRefusedContent,
} from '@weft/protocol';
import type { TicketOffice } from '../admission/ticket-office.ts';
import type { LaneLog } from '../lane/lane-log.ts';
import { AnswerQueue } from './answer-queue.ts';

export interface TicketClerkOptions {
  readonly homeserver: Pick<Homeserver, 'onToDevice' | 'sendToDevice'>;
  readonly office: Pick<TicketOffice, 'issue'>;
  /** Whether this user may enter this world now; `false` for worlds that are not served. */
  readonly mayEnter: (room: string, user: UserId) => boolean;
  /** Called after anything changed that `mayEnter` depends on. */
  readonly onChange: (listener: () => void) => Stop;
  readonly isDraining: () => boolean;
  readonly timers: Timers;
  readonly log: LaneLog;
}

/**
 * How long a request waits for the relay to hear that its user is in the room, in milliseconds: a message to a device may be
 * faster than the room. Whoever asks about a world that is not served waits as long, and learns nothing.
 */
export const STANDING_WAIT_MS = 2000;
/** Requests that wait; of more, each is refused at once. */
export const MAX_WAITING_REQUESTS = 1000;
/** Answers that are remembered, so that a repeated question costs no second ticket; the oldest are forgotten. */
export const MAX_REMEMBERED_ANSWERS = 4096;
/** For how long they are, in milliseconds: longer than anybody asks the same. */
const REMEMBERED_MS = 30_000;

interface Answer {
  readonly type: string;
  readonly content: EventContent;
  readonly atMs: number;
}

/** Answers requests for tickets that come from device to device. The homeservers vouch for who asks. */
export class TicketClerk {
  readonly #options: TicketClerkOptions;
  readonly #queue: AnswerQueue;
  readonly #answers = new Map<string, Answer>();
  /** By user and nonce: a repeated question does not wait twice. */
  readonly #waiting = new Map<string, Stop>();
  readonly #unhear: Stop;

  constructor(options: TicketClerkOptions) {
    this.#options = options;
    this.#queue = new AnswerQueue(options);
    this.#unhear = options.homeserver.onToDevice((message) => this.#hear(message));
  }

  stop(): void {
    this.#unhear();
    for (const stop of this.#waiting.values()) stop();
    this.#waiting.clear();
    this.#queue.stop();
  }

  #hear({ type, sender, content }: ReceivedToDevice): void {
    if (type !== TICKET_REQUEST_EVENT) return;
    const request = readTicketRequest(content);
    // Without a nonce and a device there is nobody to answer to.
    if (request === null) return;
    const key = `${sender} ${request.nonce}`;
    const known = this.#answers.get(key);
    const { timers, mayEnter, isDraining } = this.#options;
    if (known !== undefined && timers.now() - known.atMs < REMEMBERED_MS) {
      this.#send(sender, request, known);
      return;
    }
    if (isDraining() || mayEnter(request.room, sender)) {
      this.#answer(key, sender, request);
      return;
    }
    if (this.#waiting.has(key)) return;
    if (this.#waiting.size >= MAX_WAITING_REQUESTS) this.#answer(key, sender, request);
    else this.#wait(key, sender, request);
  }

  #wait(key: string, user: UserId, request: TicketRequestMessage): void {
    const { timers, mayEnter, onChange } = this.#options;
    const stopTimer = timers.after(STANDING_WAIT_MS, () => end());
    const unlisten = onChange(() => {
      if (mayEnter(request.room, user)) end();
    });
    const stop = (): void => {
      stopTimer();
      unlisten();
      this.#waiting.delete(key);
    };
    const end = (): void => {
      stop();
      this.#answer(key, user, request);
    };
    this.#waiting.set(key, stop);
  }

  #answer(key: string, user: UserId, request: TicketRequestMessage): void {
    const answer = this.#decide(user, request);
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    forgetOldest(this.#answers, MAX_REMEMBERED_ANSWERS);
    this.#send(user, request, answer);
  }

  #decide(user: UserId, request: TicketRequestMessage): Answer {
    const { office, isDraining, timers } = this.#options;
    const { nonce } = request;
    const atMs = timers.now();
    if (isDraining()) {
      const reason = 'The relay is about to stop; another one may be there.';
      const content = ticketRefusedContent({ nonce, code: 'draining', reason });
      return { type: TICKET_REFUSED_EVENT, content, atMs };
    }
    const issued = office.issue({ ...request, user });
    if (issued.ok) return { type: TICKET_EVENT, content: ticketContent({ nonce, ...issued }), atMs };
    const { code, reason } = issued;
    return { type: TICKET_REFUSED_EVENT, content: ticketRefusedContent({ nonce, code, reason }), atMs };
  }

  #send(user: UserId, { device }: TicketRequestMessage, { type, content }: Answer): void {
    const wasTaken = this.#queue.send(type, { user, device, content });
    if (!wasTaken) this.#options.log.warn({ user }, 'too many answers wait; this one is left out');
  }
}
