import { SeededRandom } from '@weft/testing';

export const RECORDS_KEPT = 5;
const MAX_BYTES = 40_000;

/** What the nth write of the endless writer holds. */
export function recordOf(number: number): Uint8Array {
  const random = new SeededRandom(`record ${number}`);
  return random.bytes(1 + random.below(MAX_BYTES));
}
