import { Emitter, type Stop } from '@weft/core';
import { ClientEvent, type MatrixClient } from 'matrix-js-sdk';
import { reportUncaught } from '../report-uncaught.ts';
import { parseMessage, parseToDevice, type ReceivedToDevice } from '../to-device.ts';

/** Hands on what comes for this device, from whichever sync brings it. */
export class Mailbox {
  readonly #messages = new Emitter<{ message: ReceivedToDevice }>({ failed: reportUncaught });

  on(listener: (message: ReceivedToDevice) => void): Stop {
    return this.#messages.on('message', listener);
  }

  /** Takes the `to_device` section of a response of ours. */
  readonly take = (section: unknown): void => {
    for (const message of parseToDevice(section)) this.#messages.emit('message', message);
  };

  /** Listens to a client that syncs for its own ends. */
  attach(client: MatrixClient): Stop {
    const hear = ({ message: raw }: { readonly message: unknown }): void => {
      const message = parseMessage(raw);
      if (message !== null) this.#messages.emit('message', message);
    };
    client.on(ClientEvent.ReceivedToDeviceMessage, hear);
    return () => client.off(ClientEvent.ReceivedToDeviceMessage, hear);
  }
}
