import { once } from 'node:events';
import { type ClientOptions, WebSocket } from 'ws';

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A client's end of a lane: raw messages, and what closed it. */
export class ClientSocket {
  readonly ws: WebSocket;
  readonly messages: Uint8Array[] = [];
  /** Resolves once the socket is gone; what comes with 1006 had no closing handshake. */
  readonly closed: Promise<Closed>;
  #onMessage: (() => void) | null = null;

  private constructor(ws: WebSocket) {
    this.ws = ws;
    ws.on('message', (data: Buffer) => {
      this.messages.push(new Uint8Array(data));
      this.#onMessage?.();
    });
    ws.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      ws.once('close', (code: number, reason: Buffer) => resolve({ code, reason: reason.toString() }));
    });
  }

  /** Rejects with the answer's status where the relay does not upgrade. */
  static async open(url: string, options: ClientOptions = {}): Promise<ClientSocket> {
    const ws = new WebSocket(url, options);
    const socket = new ClientSocket(ws);
    await once(ws, 'open');
    return socket;
  }

  send(bytes: Uint8Array | string): void {
    this.ws.send(bytes);
  }

  /** Waits until so many messages have come. */
  async received(count: number): Promise<readonly Uint8Array[]> {
    while (this.messages.length < count)
      await new Promise<void>((resolve) => {
        this.#onMessage = resolve;
      });
    return this.messages;
  }
}
