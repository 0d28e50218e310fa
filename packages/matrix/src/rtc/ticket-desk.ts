import type { Stop, Timers, UserId } from '@weft/core';
import {
  readTicket,
  readTicketRefused,
  TICKET_EVENT,
  TICKET_REFUSED_EVENT,
  TICKET_REQUEST_EVENT,
  type TicketMessage,
  TicketRefused,
  type TicketRequestMessage,
  ticketRequestContent,
} from '@weft/protocol';
import { HomeserverError } from '../errors.ts';
import type { Homeserver } from '../homeserver.ts';
import type { ReceivedToDevice } from '../to-device.ts';

export interface TicketDeskOptions {
  readonly homeserver: Pick<Homeserver, 'deviceId' | 'sendToDevice' | 'onToDevice'>;
  readonly timers: Timers;
}

/** How long an answer is waited for before the same is asked again, in milliseconds. */
export const TICKET_RETRY_MS = 2000;
/** How often the same is asked. */
export const MAX_TICKET_ATTEMPTS = 5;

/** Asks relays for tickets, from device to device. */
export class TicketDesk {
  readonly #options: TicketDeskOptions;

  constructor(options: TicketDeskOptions) {
    this.#options = options;
  }

  /**
   * Resolves with the answer to this very question, from the relay's own user; a lost question or answer is asked for again.
   *
   * @throws HomeserverError `unreachable` where no answer comes within 10 s, `unsupported` without a device
   * @throws TicketRefused where the relay says no
   */
  ask(
    relay: UserId,
    request: Omit<TicketRequestMessage, 'device'>,
    signal: AbortSignal,
  ): Promise<TicketMessage> {
    const { homeserver, timers } = this.#options;
    const what = `ask ${relay} for a ticket`;
    const device = homeserver.deviceId;
    if (device === null) return Promise.reject(withoutDevice(what));
    const content = ticketRequestContent({ ...request, device });
    return new Promise((resolve, reject) => {
      let stopTimer: Stop = () => undefined;
      const end = (): void => {
        unhear();
        stopTimer();
        signal.removeEventListener('abort', abort);
      };
      const fail = (error: unknown): void => {
        end();
        reject(error);
      };
      const abort = (): void => fail(signal.reason);
      const unhear = homeserver.onToDevice((message) => {
        const answer = answerTo(request.nonce, relay, message);
        if (answer instanceof Error) fail(answer);
        else if (answer !== null) {
          end();
          resolve(answer);
        }
      });
      const attempt = (count: number): void => {
        if (count > MAX_TICKET_ATTEMPTS) {
          fail(unanswered(what));
          return;
        }
        stopTimer = timers.after(TICKET_RETRY_MS, () => attempt(count + 1));
        homeserver
          .sendToDevice(TICKET_REQUEST_EVENT, [{ user: relay, device: '*', content }], { signal })
          .catch((error: unknown) => {
            if (count === MAX_TICKET_ATTEMPTS || !(error instanceof HomeserverError && error.retry))
              fail(error);
          });
      };
      if (signal.aborted) {
        abort();
        return;
      }
      signal.addEventListener('abort', abort, { once: true });
      attempt(1);
    });
  }
}

function answerTo(
  nonce: string,
  relay: UserId,
  { type, sender, content }: ReceivedToDevice,
): TicketMessage | Error | null {
  if (sender !== relay) return null;
  if (type === TICKET_EVENT) {
    const ticket = readTicket(content);
    return ticket?.nonce === nonce ? ticket : null;
  }
  const refusal = type === TICKET_REFUSED_EVENT ? readTicketRefused(content) : null;
  return refusal?.nonce === nonce ? new TicketRefused(refusal.code, refusal.reason) : null;
}

function unanswered(what: string): HomeserverError {
  const seconds = (TICKET_RETRY_MS * MAX_TICKET_ATTEMPTS) / 1000;
  return new HomeserverError('unreachable', {
    what,
    got: `no answer came within ${seconds} s`,
    hint: 'The relay may be down; another one is tried, and the world goes on without.',
    by: 'operator',
  });
}

function withoutDevice(what: string): HomeserverError {
  return new HomeserverError('unsupported', {
    what,
    got: 'this sign-in has no device to answer to',
    hint: 'Sign in as a user with a device; an application service has none.',
    by: 'you',
  });
}
