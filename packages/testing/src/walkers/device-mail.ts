import { setTimeout as delay } from 'node:timers/promises';
import type { Account } from '@weft/cli/stack';
import type { Stop } from '@weft/core';
import { type Homeserver, parseMessage, type ReceivedToDevice, type ToDeviceMessage } from '@weft/matrix';

/** Follows no room, and no presence: what is left of a sync response is what came for the device. */
const FILTER = JSON.stringify({
  room: { rooms: [], not_rooms: [] },
  presence: { types: [] },
  account_data: { types: [] },
});
const POLL_MS = 10_000;
const AGAIN_MS = 500;

/** Messages to and from the device of one account, and nothing else: a hundred of them are no load for a homeserver. */
export class DeviceMail implements Pick<Homeserver, 'deviceId' | 'sendToDevice' | 'onToDevice'> {
  readonly deviceId: string;
  readonly #account: Account;
  readonly #listeners = new Set<(message: ReceivedToDevice) => void>();
  #since: string | null = null;
  #sent = 0;
  #isPolling = false;

  constructor(account: Account) {
    this.#account = account;
    this.deviceId = account.deviceId;
  }

  async sendToDevice(type: string, messages: readonly ToDeviceMessage[]): Promise<void> {
    this.#sent += 1;
    for (const [at, { user, device, content }] of messages.entries())
      await this.#ask('PUT', `sendToDevice/${type}/${Date.now()}.${this.#sent}.${at}`, {
        messages: { [user]: { [device]: content } },
      });
  }

  /** Asks the homeserver for so long as somebody listens. */
  onToDevice(listener: (message: ReceivedToDevice) => void): Stop {
    this.#listeners.add(listener);
    void this.#poll();
    return () => this.#listeners.delete(listener);
  }

  async #poll(): Promise<void> {
    if (this.#isPolling) return;
    this.#isPolling = true;
    while (this.#listeners.size > 0) {
      const query = new URLSearchParams({
        filter: FILTER,
        timeout: this.#since === null ? '0' : String(POLL_MS),
      });
      if (this.#since !== null) query.set('since', this.#since);
      try {
        this.#take(await this.#ask('GET', `sync?${query}`));
      } catch {
        // Whoever waits for an answer gives up by itself; a homeserver that is busy is asked again.
        await delay(AGAIN_MS);
      }
    }
    this.#isPolling = false;
  }

  #take(response: unknown): void {
    if (typeof response !== 'object' || response === null) return;
    if ('next_batch' in response && typeof response.next_batch === 'string')
      this.#since = response.next_batch;
    const section = 'to_device' in response ? response.to_device : null;
    const events =
      typeof section === 'object' && section !== null && 'events' in section ? section.events : [];
    for (const event of Array.isArray(events) ? events : []) {
      const message = parseMessage(event);
      if (message !== null) for (const listener of [...this.#listeners]) listener(message);
    }
  }

  /** @throws Error with what the homeserver said */
  async #ask(method: 'GET' | 'PUT', path: string, body?: object): Promise<unknown> {
    const { homeserver, token, userId } = this.#account;
    const response = await fetch(`${homeserver}/_matrix/client/v3/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${userId}: ${method} ${path.split('?')[0]}: ${response.status}`);
    return response.json();
  }
}
