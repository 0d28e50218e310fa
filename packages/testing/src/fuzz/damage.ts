import type { SeededRandom } from '../random/seeded-random.ts';

// Types that are never read, lengths that no frame has, the edges of numbers.
const ODD_BYTES = [
  0xc1, 0xc7, 0xd4, 0xd9, 0xdc, 0xdd, 0xdf, 0xc6, 0xdb, 0x00, 0xff, 0x7f, 0x80, 0x90, 0xa0, 0xcb,
];
const MAX_CHANGES = 4;
const MAX_CUT_BYTES = 8;

/** The bytes after a few accidents: bytes changed, cut out, put in, repeated, swapped or cut off. */
export function damaged(random: SeededRandom, whole: Uint8Array): Uint8Array {
  let bytes = [...whole];
  // One change is often survived, more hardly ever.
  for (let change = random.chance(0.7) ? 1 : 1 + random.below(MAX_CHANGES); change > 0; change -= 1) {
    const at = random.below(Math.max(1, bytes.length));
    switch (random.below(8)) {
      case 0:
        bytes[at] = random.below(256);
        break;
      case 1:
        bytes[at] = random.pick(ODD_BYTES);
        break;
      case 2:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
        break;
      case 3:
        bytes.splice(at, 1 + random.below(MAX_CUT_BYTES));
        break;
      case 4:
        bytes.splice(at, 0, ...random.bytes(1 + random.below(MAX_CUT_BYTES)));
        break;
      case 5:
        bytes.splice(at, 0, ...bytes.slice(at, at + 1 + random.below(2 * MAX_CUT_BYTES)));
        break;
      case 6:
        bytes = [...bytes.slice(at), ...bytes.slice(0, at)];
        break;
      default:
        if (random.chance(0.3)) bytes = bytes.slice(0, at);
    }
  }
  return Uint8Array.from(bytes);
}
