import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
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
  #stream: Socket | null = null;
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
    ws.once('upgrade', (answer: IncomingMessage) => {
      socket.#stream = answer.socket;
    });
    await once(ws, 'open');
    return socket;
  }

  send(bytes: Uint8Array | string): void {
    this.ws.send(bytes);
  }

  /** What this sends comes in one piece: a network, and a busy machine, may cut it anywhere else. */
  atOnce(send: () => void): void {
    this.#stream?.cork();
    send();
    this.#stream?.uncork();
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
