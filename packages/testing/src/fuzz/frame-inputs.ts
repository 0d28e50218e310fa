import type { ActorId } from '@weft/core';
import { DOWN_FRAMES, decodeFrame, encodeFrame, type Frame, type Hello, UP_FRAMES } from '@weft/protocol';
import { SeededRandom } from '../random/seeded-random.ts';
import { damaged } from './damage.ts';
import { goldenFrames } from './golden-frames.ts';
import { plausibleFrame } from './plausible-frame.ts';
import { randomMessage } from './random-message.ts';

const KINDS = [...UP_FRAMES, ...DOWN_FRAMES];
/** Now and then one that fills its frame: what costs most is near the bounds. */
const LARGE_CHANCE = 0.0005;
const MAX_LARGE_BYTES = 300_000;

/** What is sent to those under test: each input follows from the seed and its number alone. */
export class FrameInputs {
  readonly #seed: string;
  readonly #golden = goldenFrames();
  readonly #actor: ActorId;
  readonly #withPatch: readonly Extract<Frame, { patch: Uint8Array }>[];

  constructor(seed: string) {
    this.#seed = seed;
    const frames = this.#golden.map(readGolden);
    this.#withPatch = frames.filter((frame) => 'patch' in frame);
    const hello = frames.find((frame) => frame.type === 'hello');
    if (hello === undefined) throw new TypeError('there is no golden hello');
    this.#actor = hello.actor;
    this.greeting = hello;
  }

  /** The hello of the one who sends all this. */
  readonly greeting: Hello;

  /** The frames as they should be, as a client or a relay would send them. */
  get whole(): readonly Uint8Array[] {
    return this.#golden;
  }

  bytes(number: number): Uint8Array {
    const random = new SeededRandom(`${this.#seed}/${number}`);
    if (random.chance(LARGE_CHANCE)) return this.#large(random);
    const kind = random.float();
    if (kind < 0.4) return damaged(random, random.pick(this.#golden));
    if (kind < 0.55) return this.#damagedPatch(random);
    if (kind < 0.75) return plausibleFrame(random, this.#actor);
    if (kind < 0.95) return Uint8Array.from([random.pick(KINDS).byte, ...randomMessage(random)]);
    return random.bytes(random.below(200));
  }

  /** A frame that is whole around a patch that is not. */
  #damagedPatch(random: SeededRandom): Uint8Array {
    const frame = random.pick(this.#withPatch);
    const patch = random.chance(0.7) ? damaged(random, frame.patch) : Uint8Array.from(randomMessage(random));
    return encodeFrame({ ...frame, patch: patch.length === 0 ? Uint8Array.of(0) : patch });
  }

  /** Many copies of a little, behind a length that counts them. */
  #large(random: SeededRandom): Uint8Array {
    const part = random.pick([
      [0],
      [0x90],
      [0x80],
      [0x91, 0x90],
      [0xa1, 0x61, 0],
      [0x81, 0xa1, 0x61, 0],
      randomMessage(random),
    ]);
    const count = Math.min(0xffff_ffff, Math.floor(random.below(MAX_LARGE_BYTES) / Math.max(1, part.length)));
    const length = [count >>> 24, (count >>> 16) & 255, (count >>> 8) & 255, count & 255];
    const body = new Uint8Array(count * part.length);
    for (let at = 0; at < count; at += 1) body.set(part, at * part.length);
    const head = [random.pick(KINDS).byte, random.pick([0xdd, 0xdf, 0xc6, 0xdb]), ...length];
    const bytes = new Uint8Array(head.length + body.length);
    bytes.set(head);
    bytes.set(body, head.length);
    return bytes;
  }
}

function readGolden(bytes: Uint8Array): Frame {
  const isDown = DOWN_FRAMES.some(({ byte }) => byte === bytes[0]);
  return isDown ? decodeFrame(bytes, 'to-client') : decodeFrame(bytes, 'to-relay');
}
