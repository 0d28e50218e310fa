import {
  type ActorId,
  HybridClock,
  newActorId,
  type ObjectId,
  parsePath,
  patchOf,
  type RandomBytes,
  type UserId,
} from '@weft/core';
import { encodeFrame, encodeWirePatch, LANE_VERSION, MAX_FRAME_BYTES } from '@weft/protocol';
import WebSocket from 'ws';
import { frameName } from '../server/frame-name.ts';

const POSITION = parsePath('transform.position');
const SIGNATURE_BYTES = 64;

/** Somebody on a socket who moves things, and is told of what others move. */
export class ScratchClient {
  readonly #socket: WebSocket;
  readonly #user: UserId;
  readonly #actor: ActorId;
  readonly #clock: HybridClock;
  #number = 0;
  #welcomed: () => void = () => undefined;
  #told: () => void = () => undefined;

  /** @param url where whoever knows it comes in */
  constructor(url: string, user: UserId, { now, random }: { now: () => number; random: RandomBytes }) {
    this.#user = user;
    this.#actor = newActorId(random);
    this.#clock = new HybridClock({ actor: this.#actor, now });
    this.#socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: MAX_FRAME_BYTES });
    this.#socket.on('message', (data) => {
      const name = data instanceof Uint8Array ? frameName(data) : '';
      if (name === 'welcome') this.#welcomed();
      else if (name === 'patch-down') this.#told();
    });
  }

  /** Resolves when it is in. Rejects with what the socket fails of. */
  enter(room: string): Promise<void> {
    const hello = encodeFrame({
      type: 'hello',
      version: LANE_VERSION,
      ...{ room, ticket: '-', nonce: '-', signature: new Uint8Array(SIGNATURE_BYTES) },
      ...{ actor: this.#actor, former: [], position: null, setHash: null, mode: 'play' },
    });
    return new Promise((resolve, reject) => {
      this.#welcomed = resolve;
      this.#socket.on('error', reject);
      this.#socket.once('open', () => this.#socket.send(hello));
    });
  }

  /** Resolves when another one has moved something. */
  told(): Promise<void> {
    return new Promise((resolve) => {
      this.#told = resolve;
    });
  }

  move(id: ObjectId, metres: number): void {
    const register = { value: [metres, 0, metres / 4], stamp: this.#clock.issue() };
    const patch = encodeWirePatch(
      patchOf({ registers: [{ id, path: POSITION, register }], actors: [[this.#actor, [this.#user]]] }),
    );
    this.#number += 1;
    this.#socket.send(encodeFrame({ type: 'patch-up', n: this.#number, patch }));
  }

  leave(): void {
    this.#socket.terminate();
  }
}
