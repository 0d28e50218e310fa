import { randomBytes } from 'node:crypto';
import { newActorId, type RandomBytes, toBase64Url } from '@weft/core';
import { createSessionKey, type LaneSocket } from '@weft/live';
import { openSystemSocket } from '@weft/live/system';
import {
  type DownFrame,
  decodeFrame,
  encodeFrame,
  type Hello,
  helloBytes,
  LANE_VERSION,
  laneUrl,
  type PoseDown,
  type PoseFlow,
  PoseReader,
  type PoseUpdate,
  PoseWriter,
  poseOf,
  poseTime,
  quantisePose,
  type UpFrame,
} from '@weft/protocol';
import { askTicket, ROOM, relayAt } from '../peers/lane-client.ts';
import { userOf } from '../peers/weft.ts';
import type { PoseClient, PoseClientOptions } from './pose-adapter.ts';

// The relay of the other workloads, and of the client of the lane what poses need: its frames. Interpolation, which shows
// poses late on purpose, is left out, as it is of all systems.

export { serve } from '../peers/weft.ts';

const random: RandomBytes = (length) => new Uint8Array(randomBytes(length));

export async function connect({ url, number, told }: PoseClientOptions): Promise<PoseClient> {
  const key = await createSessionKey({ subtle: crypto.subtle, random });
  const request = {
    ...{ user: userOf(number), room: ROOM, memberId: `member-${number}`, device: 'BENCH', purpose: 'lane' },
    ...{ nonce: toBase64Url(random(16)), key: toBase64Url(key.publicKey) },
  };
  const [relay, ticket] = [await relayAt(url), await askTicket(url, request)];
  const parts = { ticket: ticket.ticket, nonce: request.nonce, url: ticket.url, room: ROOM };
  const hello: Hello = {
    ...{ type: 'hello', version: LANE_VERSION, former: [], position: null, setHash: null, mode: 'play' },
    ...{ actor: newActorId(random), room: ROOM, ticket: parts.ticket, nonce: parts.nonce },
    signature: await key.sign(helloBytes(parts)),
  };
  const client = new WeftMover(told);
  await client.enter(relay, hello);
  return client;
}

function readPoses(reader: PoseReader, { type, at, updates }: PoseDown | PoseFlow): PoseUpdate[] {
  return type === 'pose-down' ? reader.read(updates) : reader.readFlow(at, updates);
}

class WeftMover implements PoseClient {
  readonly #told: PoseClientOptions['told'];
  readonly #reader = new PoseReader();
  readonly #writer = new PoseWriter();
  readonly #isIn = Promise.withResolvers<void>();
  #socket: LaneSocket | null = null;
  #session = 0;
  #handle = 0;
  /** The rate may change before the answer comes: to ask twice is to come in anew, as somebody else. */
  #hasAsked = false;

  constructor(told: PoseClientOptions['told']) {
    this.#told = told;
  }

  get name(): number {
    return this.#handle;
  }

  async enter(relay: Parameters<typeof laneUrl>[0], hello: Hello): Promise<void> {
    this.#socket = openSystemSocket(laneUrl(relay), {
      opened: () => this.#send(hello),
      received: (bytes) => this.#receive(decodeFrame(bytes, 'to-client')),
      closed: (code, reason) => this.#isIn.reject(new Error(`the relay closed with ${code}: ${reason}`)),
    });
    await this.#isIn.promise;
  }

  move(body: Parameters<PoseClient['move']>[0]): void {
    const pose = quantisePose({ body, state: 'walk' });
    const updates = this.#writer.write([{ handle: this.#handle, pose, ageMs: 0 }]);
    // One clock for all: what a client has to find out of the relay's is left out.
    this.#send({ type: 'pose-up', at: poseTime(Date.now()), updates });
  }

  #receive(frame: DownFrame): void {
    if (frame.type === 'welcome') this.#session = frame.session;
    else if (frame.type === 'pose-rate' && !this.#hasAsked) {
      this.#hasAsked = true;
      this.#send({ type: 'mover-up', want: 'enter', parts: 0 });
    } else if (frame.type === 'movers')
      for (const { handle, session, parts } of frame.appeared) {
        this.#reader.add(handle, parts, session === this.#session);
        if (session !== this.#session) continue;
        this.#handle = handle;
        this.#isIn.resolve();
      }
    else if (frame.type === 'pose-down' || frame.type === 'pose-flow')
      for (const { handle, pose } of readPoses(this.#reader, frame)) {
        if (pose === null) continue;
        const [x, , z] = poseOf(pose).body.position;
        this.#told(handle, x, z);
      }
  }

  #send(frame: UpFrame): void {
    this.#socket?.send(encodeFrame(frame));
  }
}
