import type { SeededRandom } from '../random/seeded-random.ts';

const MAX_ITEMS = 12;
/** Values of one message; past it there are only short ones. */
const MAX_VALUES = 60;
const MAX_DEPTH = 60;
const ENCODER = new TextEncoder();
const TEXTS = [
  '',
  'a',
  'transform.position',
  'node.name',
  '__proto__',
  'constructor',
  'root',
  '@a:b',
  'é😀',
  'aaaaaaaa',
  '\0',
].map((text) => ENCODER.encode(text));
const TYPES = [
  0xc0, 0xc1, 0xc2, 0xc3, 0xc7, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf, 0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd8,
];

/** The bytes of a MessagePack value of any shape: mostly whole, of every type, with lengths that sometimes lie. */
export function randomMessage(random: SeededRandom): number[] {
  if (random.chance(0.02)) return nested(random);
  const message = new Message(random);
  message.value(0);
  return message.bytes;
}

/** Lists in lists, about as deep as is allowed. */
function nested(random: SeededRandom): number[] {
  return [...Array<number>(1 + random.below(MAX_DEPTH)).fill(0x91), 0x90];
}

class Message {
  readonly bytes: number[] = [];
  readonly #random: SeededRandom;
  #values = 0;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  value(depth: number): void {
    const random = this.#random;
    this.#values += 1;
    if (this.#values < MAX_VALUES && random.chance(depth === 0 ? 0.95 : 0.35)) this.#holder(depth);
    else this.#leaf(random.below(6));
  }

  #holder(depth: number): void {
    const random = this.#random;
    const isRecord = random.chance(0.2);
    const count = random.below(MAX_ITEMS);
    const form = random.below(20);
    if (form > 1) this.bytes.push((isRecord ? 0x80 : 0x90) + count);
    else if (form === 1) this.bytes.push(isRecord ? 0xde : 0xdc, 0, count);
    else this.bytes.push(isRecord ? 0xdf : 0xdd, ...random.bytes(4));
    for (let item = 0; item < count; item += 1) {
      if (isRecord && random.chance(0.95)) this.#leaf(1);
      else if (isRecord) this.value(depth + 1);
      this.value(depth + 1);
    }
  }

  #leaf(kind: number): void {
    const random = this.#random;
    if (kind === 0) this.bytes.push(random.below(128));
    else if (kind === 1) this.#text();
    else if (kind === 2) this.#withLength(0xc4, random.bytes(random.below(MAX_ITEMS)));
    else if (kind === 3) this.bytes.push(0xcb, ...random.bytes(8));
    else if (kind === 4) this.bytes.push(random.pick(TYPES), ...random.bytes(random.below(9)));
    else this.bytes.push(0xe0 + random.below(32));
  }

  #text(): void {
    const text = this.#random.pick(TEXTS);
    if (this.#random.chance(0.5)) this.bytes.push(0xa0 + text.length, ...text);
    else this.#withLength(0xd9, text);
  }

  /** After its length in one byte, which is not always its length. */
  #withLength(type: number, content: Uint8Array): void {
    const random = this.#random;
    this.bytes.push(type, random.chance(0.95) ? content.length : random.below(256), ...content);
  }
}
