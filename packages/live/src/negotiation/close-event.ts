import { CLOSE_CODES } from '@weft/protocol';
import type { LaneHappening } from './lane-table.ts';

const HAPPENINGS: Readonly<Record<(typeof CLOSE_CODES)[keyof typeof CLOSE_CODES], LaneHappening>> = {
  [CLOSE_CODES.malformed]: 'broken',
  [CLOSE_CODES.unauthenticated]: 'unauthenticated',
  [CLOSE_CODES.forbidden]: 'forbidden',
  [CLOSE_CODES.silent]: 'late',
  [CLOSE_CODES.replaced]: 'replaced',
  [CLOSE_CODES.tooLarge]: 'overrun',
  [CLOSE_CODES.tooMany]: 'overrun',
  [CLOSE_CODES.draining]: 'draining',
  [CLOSE_CODES.slowReader]: 'overrun',
};

const BY_CODE: ReadonlyMap<string, LaneHappening> = new Map(Object.entries(HAPPENINGS));

/** What it means that a socket was closed with a code; a code of nobody's is a lost connection. */
export function closeEvent(code: number): LaneHappening {
  return BY_CODE.get(String(code)) ?? 'lost';
}
