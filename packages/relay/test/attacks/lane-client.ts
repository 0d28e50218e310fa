import { type DownFrame, decodeFrame, encodeFrame, type Hello, type UpFrame } from '@weft/protocol';
import { ClientSocket } from '../edge/client-socket.ts';
import type { AttackedRelay } from './attacked-relay.ts';

/** An honest client, or one that was: its socket is open and said hello. */
export class LaneClient {
  readonly socket: ClientSocket;
  readonly #decoded: DownFrame[] = [];
  #read = 0;

  private constructor(socket: ClientSocket) {
    this.socket = socket;
  }

  /** @throws where the relay does not welcome it */
  static async enter(relay: AttackedRelay, hello?: Hello): Promise<LaneClient> {
    const socket = await ClientSocket.open(relay.laneUrl);
    const client = new LaneClient(socket);
    client.send(hello ?? (await relay.hello()));
    const first = await Promise.race([client.next('welcome'), socket.closed]);
    if ('code' in first) throw new Error(`closed with ${first.code}: ${first.reason}`);
    return client;
  }

  send(frame: UpFrame): void {
    this.socket.send(encodeFrame(frame));
  }

  /** The next frame of a type; those before it are passed over. */
  async next<Type extends DownFrame['type']>(type: Type): Promise<Extract<DownFrame, { type: Type }>> {
    for (;;) {
      const messages = await this.socket.received(this.#read + 1);
      const message = messages[this.#read];
      this.#read += 1;
      if (message === undefined) continue;
      const frame = decodeFrame(message, 'to-client');
      if (isOf(frame, type)) return frame;
    }
  }

  /** All that came, in order. */
  frames(): readonly DownFrame[] {
    for (const message of this.socket.messages.slice(this.#decoded.length))
      this.#decoded.push(decodeFrame(message, 'to-client'));
    return this.#decoded;
  }

  /** How long the relay takes to say what its clock shows, in milliseconds. */
  async roundTripMs(): Promise<number> {
    const from = performance.now();
    this.send({ type: 'clock-up', at: 0 });
    await this.next('clock');
    return performance.now() - from;
  }
}

function isOf<Type extends DownFrame['type']>(
  frame: DownFrame,
  type: Type,
): frame is Extract<DownFrame, { type: Type }> {
  return frame.type === type;
}
