import type { UserId } from '@weft/core';
import type { ReceivedToDevice } from '@weft/matrix';

/** A device that messages can be sent to. */
export interface MailTarget {
  receive(message: ReceivedToDevice): void;
  wake(): void;
}

/** The devices of the users of a homeserver in memory. */
export class TwinMail {
  readonly #devices = new Map<UserId, Map<string, MailTarget>>();
  #registered = 0;

  /** Answers the new device's id. */
  register(user: UserId, target: MailTarget): string {
    this.#registered += 1;
    const id = `TWIN${this.#registered}`;
    const devices = this.#devices.get(user) ?? new Map<string, MailTarget>();
    this.#devices.set(user, devices.set(id, target));
    return id;
  }

  /** `*` is all devices of the user; one that is not there is passed over, as Synapse does. */
  post(user: UserId, device: string, message: ReceivedToDevice): void {
    for (const [id, target] of this.#devices.get(user) ?? [])
      if (device === '*' || device === id) target.receive(message);
  }

  wake(): void {
    for (const devices of this.#devices.values()) for (const target of devices.values()) target.wake();
  }
}
