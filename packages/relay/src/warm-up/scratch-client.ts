import {
  type ActorId,
  HybridClock,
  newActorId,
  type ObjectId,
  type Path,
  parsePath,
  patchOf,
  type RandomBytes,
  type UserId,
  type Value,
} from '@weft/core';
import { encodeFrame, encodeWirePatch, LANE_VERSION, MAX_FRAME_BYTES } from '@weft/protocol';
import WebSocket from 'ws';
import { frameName } from '../server/frame-name.ts';

const POSITION = parsePath('transform.position');
const SIGNATURE_BYTES = 64;
/** What people change most, and of which kinds its values are. */
const SAYINGS: readonly (readonly [path: Path, valueAt: (turn: number) => Value])[] = [
  [POSITION, (turn) => [turn, 0, -turn]],
  [POSITION, (turn) => [turn / 7, 0, turn / 4]],
  [POSITION, (turn) => [1000 * turn, 1.5, 0]],
  [parsePath('transform.rotation'), (turn) => [0, Math.sin(turn), 0, Math.cos(turn)]],
  [parsePath('transform.scale'), () => [1, 1, 1]],
  [parsePath('node.name'), (turn) => `A bench ${turn}`],
  [parsePath('text.value'), (turn) => `${turn} and so on. `.repeat(12)],
  [parsePath('node.visible'), (turn) => turn % 2 === 0],
];

/** Somebody on a socket who moves things, and is told of what others move. */
export class ScratchClient {
  readonly #socket: WebSocket;
  readonly #user: UserId;
  readonly #actor: ActorId;
  readonly #clock: HybridClock;
  readonly #now: () => number;
  #number = 0;
  #welcomed: () => void = () => undefined;
  #told: () => void = () => undefined;

  /** @param url where whoever knows it comes in */
  constructor(url: string, user: UserId, { now, random }: { now: () => number; random: RandomBytes }) {
    this.#user = user;
    this.#now = now;
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
      ...{ room, ticket: this.#user, nonce: '-', signature: new Uint8Array(SIGNATURE_BYTES) },
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

  /** Says something of an object: each time another thing, whole numbers and broken ones among them. */
  edit(id: ObjectId, turn: number): void {
    const said = SAYINGS[turn % SAYINGS.length];
    if (said === undefined) return;
    const [path, valueAt] = said;
    const register = { value: valueAt(turn), stamp: this.#clock.issue() };
    const patch = encodeWirePatch(
      patchOf({ registers: [{ id, path, register }], actors: [[this.#actor, [this.#user]]] }),
    );
    this.#number += 1;
    this.#socket.send(encodeFrame({ type: 'patch-up', n: this.#number, patch }));
  }

  /** As each client does once a second. */
  askForClock(): void {
    this.#socket.send(encodeFrame({ type: 'clock-up', at: Math.floor(this.#now()) }));
  }

  leave(): void {
    this.#socket.terminate();
  }
}
