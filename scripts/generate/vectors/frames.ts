import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DOWN_FRAMES, decodeFrame, type Frame, frameToJson, ProtocolError } from '@weft/protocol';
import { SeededRandom } from '@weft/testing';
import { type Json, type JsonRecord, plain } from '../json.ts';
import { times } from './random-patch.ts';
import { SEED, type VectorFile } from './vector-file.ts';

const GOLDEN = fileURLToPath(new URL('../../../protocol-spec/golden/frames', import.meta.url));
const CASES = 300;
// The first bytes of types that are never read, and of lengths that no frame has.
const ODD_BYTES = [
  0xc1, 0xc7, 0xd4, 0xd9, 0xdc, 0xdd, 0xdf, 0xc6, 0xdb, 0x00, 0xff, 0x7f, 0x80, 0x90, 0xa0, 0xcb,
];

/** Golden frames that were damaged on their way, and what is left of them. */
export function generatedFrames(): VectorFile {
  const golden = readdirSync(GOLDEN)
    .filter((name) => name.endsWith('.frame'))
    .sort();
  const downBytes: ReadonlySet<unknown> = new Set(DOWN_FRAMES.map(({ byte }) => byte));
  return {
    kind: 'frames',
    description: 'Golden frames of which bytes were changed, cut out, put in or cut off. Generated.',
    cases: times(CASES, (at) => {
      const random = new SeededRandom(`${SEED}/frame/${at}`);
      const whole = readFileSync(join(GOLDEN, random.pick(golden)));
      const bytes = damaged(random, whole);
      const to = downBytes.has(whole[0]) ? 'to-client' : 'to-relay';
      return {
        name: `seed ${random.seed}`,
        why: 'the protocol package reads it so',
        to,
        bytes: Buffer.from(bytes).toString('hex'),
        ...reading(bytes, to),
      };
    }),
  };
}

function reading(bytes: Uint8Array, to: 'to-client' | 'to-relay'): JsonRecord {
  try {
    const frame: Frame = to === 'to-client' ? decodeFrame(bytes, to) : decodeFrame(bytes, to);
    return { frame: jsonOf(frame) };
  } catch (error) {
    if (error instanceof ProtocolError) return { refused: true };
    throw error;
  }
}

function jsonOf(frame: Frame): Json {
  return plain(frameToJson(frame));
}

function damaged(random: SeededRandom, whole: Uint8Array): Uint8Array {
  let bytes = [...whole];
  // One change is often survived, two hardly ever.
  for (let change = random.chance(0.8) ? 1 : 2; change > 0; change -= 1) {
    // The first byte is the kind, which says too little to be worth many cases.
    const at = 1 + random.below(Math.max(1, bytes.length - 1));
    const how = random.below(5);
    if (how === 0) bytes[at] = random.below(256);
    else if (how === 1) bytes[at] = random.pick(ODD_BYTES);
    else if (how === 2) bytes.splice(at, 1 + random.below(4));
    else if (how === 3) bytes.splice(at, 0, random.below(256));
    else if (random.chance(0.3)) bytes = bytes.slice(0, at);
  }
  return Uint8Array.from(bytes);
}
