import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface RawFrame {
  readonly opcode: number;
  readonly payload?: Uint8Array;
  /** Default: `true`. */
  readonly fin?: boolean;
  /** The three reserved bits, as a number up to 7. */
  readonly reserved?: number;
  /** Default: `true`. */
  readonly isMasked?: boolean;
  /** What the header says of the length, where it is not the truth. */
  readonly claimedLength?: number;
}

/** The end of a connection as somebody sees it who speaks WebSocket by hand. */
export interface PeerEnd {
  /** Of the close frame; `null` where none came. */
  readonly code: number | null;
  readonly afterMs: number;
}

/** A peer that keeps no rule: raw bytes over TCP. */
export class RawPeer {
  readonly socket: Socket;
  #startedMs = performance.now();
  readonly ended: Promise<PeerEnd>;
  #received = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
    });
    this.ended = new Promise((resolve) => {
      socket.once('close', () =>
        resolve({ code: closeCodeIn(this.#received), afterMs: performance.now() - this.#startedMs }),
      );
    });
  }

  static async connect(port: number): Promise<RawPeer> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const peer = new RawPeer(socket);
    await once(socket, 'connect');
    return peer;
  }

  /** A WebSocket, whose bytes are ours from here on. */
  static async upgrade(port: number, headers = ''): Promise<RawPeer> {
    const peer = await RawPeer.connect(port);
    const key = randomBytes(16).toString('base64');
    peer.socket.write(
      `GET /v1/lane HTTP/1.1\r\nHost: localhost:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n${headers}\r\n`,
    );
    await peer.until((text) => text.includes('\r\n\r\n'));
    peer.#startedMs = performance.now();
    return peer;
  }

  /** What came so far, as text. */
  get text(): string {
    return this.#received.toString('latin1');
  }

  async until(condition: (text: string) => boolean): Promise<void> {
    while (!condition(this.text)) await once(this.socket, 'data');
  }

  /** Forgets what came so far. */
  forget(): void {
    this.#received = Buffer.alloc(0);
  }

  /** Waits until the system took it, or the connection is gone. */
  async write(bytes: Uint8Array | string): Promise<void> {
    if (this.socket.destroyed || this.socket.write(bytes)) return;
    await Promise.race([once(this.socket, 'drain').catch(() => this.ended), this.ended]);
  }

  /** Sends one character after the other, until the connection is gone. */
  async drip(text: string, everyMs: number): Promise<PeerEnd> {
    let at = 0;
    const timer = setInterval(() => this.socket.write(text[at++] ?? 'x'), everyMs);
    const end = await this.ended;
    clearInterval(timer);
    return end;
  }

  /** Sends as fast as it is taken, until it is told to go: who floods on cuts that off. */
  async flood(frame: RawFrame, times: number): Promise<void> {
    const bytes = frameBytes(frame);
    for (let sent = 0; sent < times && !this.#isDismissed; sent += 1) {
      await this.write(bytes);
      if (sent % 64 === 0) await setImmediate();
    }
  }

  /** Sends bytes one by one, each in a packet of its own, until it is told to go. @returns how many */
  async trickle(most: number): Promise<number> {
    let sent = 0;
    while (sent < most && !this.#isDismissed) {
      await this.write(Uint8Array.of(0));
      sent += 1;
      await setImmediate();
    }
    return sent;
  }

  // A relay also says things of its own accord, such as how often poses may come.
  get #isDismissed(): boolean {
    return this.socket.destroyed || closeCodeIn(this.#received) !== null;
  }

  send(frame: RawFrame): Promise<void> {
    return this.write(frameBytes(frame));
  }
}

/** A frame of RFC 6455 section 5.2, or what only looks like one. */
export function frameBytes(frame: RawFrame): Buffer {
  const { opcode, payload = new Uint8Array(0), fin = true, reserved = 0, isMasked = true } = frame;
  const length = frame.claimedLength ?? payload.length;
  const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  const mask = isMasked ? 0x80 : 0;
  const head = [first];
  if (length < 126) head.push(mask | length);
  else if (length < 65_536) head.push(mask | 126, length >> 8, length & 255);
  else {
    const wide = Buffer.alloc(8);
    wide.writeBigUInt64BE(BigInt(length));
    head.push(mask | 127, ...wide);
  }
  // A mask of zeros is one: the payload stands there as it is.
  return Buffer.concat([Uint8Array.from(head), new Uint8Array(isMasked ? 4 : 0), payload]);
}

/** The code of the last close frame in what a server sent: it is never masked, and the last thing that comes. */
function closeCodeIn(bytes: Buffer): number | null {
  for (let at = bytes.length - 4; at >= 0; at -= 1) {
    if (bytes[at] !== 0x88) continue;
    if (at + 2 + (bytes[at + 1] ?? 0) === bytes.length) return bytes.readUInt16BE(at + 2);
  }
  return null;
}
