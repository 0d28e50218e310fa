import { ProtocolError } from '../protocol-error.ts';
import type { BitReader, BitWriter } from './bits.ts';

/** What is written at once. */
const CHUNK_BITS = 14;

/** A number from 1: as many zeros as it has bits after its first, then its bits. Small ones are short. */
export function writeGamma(bits: BitWriter, value: number): void {
  const after = 31 - Math.clz32(value);
  if (after < CHUNK_BITS) {
    bits.write(0, after);
    bits.write(value, after + 1);
    return;
  }
  bits.write(0, CHUNK_BITS);
  bits.write(0, after - CHUNK_BITS);
  bits.write(value >>> CHUNK_BITS, after + 1 - CHUNK_BITS);
  bits.write(value, CHUNK_BITS);
}

/** @param mostBits what the number may have @throws ProtocolError `malformed` for a greater one */
export function readGamma(bits: BitReader, mostBits: number): number {
  let after = 0;
  while (!bits.flag()) {
    after += 1;
    if (after === mostBits)
      throw new ProtocolError('malformed', {
        what: 'read poses',
        expected: `a number of at most ${mostBits} bits`,
        got: 'more',
      });
  }
  const low = Math.min(after, CHUNK_BITS);
  const high = bits.unsigned(after - low) | (1 << (after - low));
  return (high << low) | bits.unsigned(low);
}

/** Whether a number, less or greater than 0, is written with fewer ones than that. */
export function isShort(value: number, shift: number, most: number): boolean {
  return fold(value) >> shift < most;
}

/** Bits that a short number takes. */
export function shortBits(value: number, shift: number): number {
  return (fold(value) >> shift) + 1 + shift;
}

/** Folds a short number to 0, −1, 1, −2 …; its upper bits are so many ones and a zero, the lower ones follow. */
export function writeShort(bits: BitWriter, value: number, shift: number): void {
  const folded = fold(value);
  const ones = folded >> shift;
  bits.write((1 << (ones + 1)) - 2, ones + 1);
  bits.write(folded, shift);
}

/** `null` where there are as many ones as there may be; no zero follows then. */
export function readShort(bits: BitReader, shift: number, most: number): number | null {
  let ones = 0;
  while (bits.flag()) {
    ones += 1;
    if (ones === most) return null;
  }
  const folded = (ones << shift) | bits.unsigned(shift);
  return (folded & 1) === 0 ? folded >> 1 : -((folded + 1) >> 1);
}

function fold(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}
