import { Emitter, type Stop, type UserId } from '@weft/core';
import { type ReceivedToDevice, reportUncaught, serverOf, type ToDeviceMessage } from '@weft/matrix';
import type { Faults } from './faults.ts';
import { SYNC_DELAY_MS } from './twin-follower.ts';
import type { TwinStore } from './twin-store.ts';

export interface TwinDeviceOptions {
  readonly server: TwinStore;
  readonly user: UserId;
  readonly faults: Faults;
  /** What waits for the device comes with a sync, and with nothing else. */
  readonly isSyncing: () => boolean;
}

/** One device of a user of the twin, as far as messages to devices go. */
export class TwinDevice {
  readonly id: string;
  readonly #options: TwinDeviceOptions;
  readonly #waiting: ReceivedToDevice[] = [];
  readonly #messages = new Emitter<{ message: ReceivedToDevice }>({ failed: reportUncaught });
  #stopTimer: Stop = () => undefined;

  constructor(options: TwinDeviceOptions) {
    this.#options = options;
    this.id = options.server.mail.register(options.user, this);
  }

  on(listener: (message: ReceivedToDevice) => void): Stop {
    return this.#messages.on('message', listener);
  }

  send(type: string, messages: readonly ToDeviceMessage[]): void {
    const { server, user: sender } = this.#options;
    for (const { user, device, content } of messages) {
      const sent = { type, sender, content: JSON.parse(JSON.stringify(content)) };
      if (serverOf(user) === server.name) server.mail.post(user, device, sent);
      else server.peers.tell(server.name, user, device, sent);
    }
  }

  receive(message: ReceivedToDevice): void {
    this.#waiting.push(message);
    this.wake();
  }

  /** Something came, or the way to the device may be free again. */
  wake(): void {
    const { server, faults } = this.#options;
    this.#stopTimer();
    if (this.#waiting.length === 0 || !this.#options.isSyncing()) return;
    this.#stopTimer = server.timers.after(SYNC_DELAY_MS + faults.delayMs(), () => this.#deliver());
  }

  stop(): void {
    this.#stopTimer();
  }

  #deliver(): void {
    const { server, faults, isSyncing } = this.#options;
    if (faults.offline || faults.mute || server.down || !isSyncing()) return;
    for (const message of this.#waiting.splice(0)) this.#messages.emit('message', message);
  }
}
