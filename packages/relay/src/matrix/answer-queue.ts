import type { Stop, Timers, UserId } from '@weft/core';
import { type Homeserver, HomeserverError, type ToDeviceMessage } from '@weft/matrix';
import type { LaneLog } from '../lane/lane-log.ts';

export interface AnswerQueueOptions {
  readonly homeserver: Pick<Homeserver, 'sendToDevice'>;
  readonly timers: Timers;
  readonly log: LaneLog;
}

/** Answers that wait; whoever gets none of more asks again. */
export const MAX_WAITING_ANSWERS = 1000;
/** Answers of one request. */
const MAX_BATCH = 100;
const RETRY_MS = 1000;
/** Whoever asked has given up by then. */
const MAX_ATTEMPTS = 5;

/** Sends answers from device to device: one request at a time for each type, with all that waits for it. */
export class AnswerQueue {
  readonly #options: AnswerQueueOptions;
  readonly #waiting = new Map<string, ToDeviceMessage[]>();
  readonly #busy = new Set<string>();
  readonly #stops = new Set<Stop>();
  #isStopped = false;

  constructor(options: AnswerQueueOptions) {
    this.#options = options;
  }

  /** Whether there was room for it. */
  send(type: string, message: ToDeviceMessage): boolean {
    const waiting = this.#waiting.get(type) ?? [];
    if (waiting.length >= MAX_WAITING_ANSWERS || this.#isStopped) return false;
    this.#waiting.set(type, waiting);
    waiting.push(message);
    void this.#run(type, waiting);
    return true;
  }

  stop(): void {
    this.#isStopped = true;
    for (const stop of this.#stops) stop();
    this.#waiting.clear();
  }

  async #run(type: string, waiting: ToDeviceMessage[]): Promise<void> {
    if (this.#busy.has(type)) return;
    this.#busy.add(type);
    while (waiting.length > 0 && !this.#isStopped) await this.#sendBatch(type, takeBatch(waiting), 1);
    this.#busy.delete(type);
  }

  async #sendBatch(type: string, batch: readonly ToDeviceMessage[], attempt: number): Promise<void> {
    const { homeserver, log } = this.#options;
    try {
      await homeserver.sendToDevice(type, batch);
    } catch (error) {
      const isOver = attempt === MAX_ATTEMPTS || this.#isStopped;
      if (isOver || !(error instanceof HomeserverError && error.retry)) {
        log.warn({ answers: batch.length, error }, 'answers to requests for tickets did not get away');
        return;
      }
      await this.#pause(error.retryAfterMs ?? RETRY_MS);
      if (!this.#isStopped) await this.#sendBatch(type, batch, attempt + 1);
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.timers.after(ms, () => end());
      const end = (): void => {
        cancel();
        this.#stops.delete(end);
        resolve();
      };
      this.#stops.add(end);
    });
  }
}

/** The first that wait, at most one for each device: of two in one request the second would take the place of the first. */
function takeBatch(waiting: ToDeviceMessage[]): ToDeviceMessage[] {
  const batch: ToDeviceMessage[] = [];
  const devices = new Set<string>();
  const left: ToDeviceMessage[] = [];
  for (const message of waiting) {
    const device = deviceOf(message.user, message.device);
    if (batch.length >= MAX_BATCH || devices.has(device)) left.push(message);
    else {
      devices.add(device);
      batch.push(message);
    }
  }
  waiting.splice(0, waiting.length, ...left);
  return batch;
}

function deviceOf(user: UserId, device: string): string {
  return `${user} ${device}`;
}
