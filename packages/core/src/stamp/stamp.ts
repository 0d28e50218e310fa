import { WeftError } from '../errors.ts';
import type { ActorId, Branded } from '../ids.ts';
import { compareUtf8 } from '../value/utf8.ts';

/** A hybrid logical clock in one safe integer: `ms * 2048 + counter`, counter < 2048, carrying into ms. */
export type Time = Branded<number, 'Time'>;

/** When and by which running client a register was written. */
export interface Stamp {
  readonly time: Time;
  readonly actor: ActorId;
}

/** How many stamps fit in one millisecond before the counter carries. */
export const TICKS_PER_MS = 2048;

/** Times stay below 2^53 - 2^31, so that no stamp can push honest clocks past the safe integers (year 2109). */
export const MAX_TIME_TICKS = 2 ** 53 - 2 ** 31 - 1;

export function isTime(ticks: unknown): ticks is Time {
  return typeof ticks === 'number' && Number.isSafeInteger(ticks) && ticks >= 0 && ticks <= MAX_TIME_TICKS;
}

/**
 * @param ms milliseconds since 1970, a fraction is cut off
 * @param counter 0 to 2047
 * @throws WeftError `limit` before 1970 and after 2109
 */
export function timeFromMs(ms: number, counter = 0): Time {
  return parseTime(Math.floor(ms) * TICKS_PER_MS + counter);
}

/** @throws WeftError `limit` unless it is an integer from 0 to `MAX_TIME_TICKS` */
export function parseTime(ticks: number): Time {
  if (isTime(ticks)) return ticks;
  throw new WeftError('limit', {
    what: 'read a time',
    expected: `an integer from 0 to ${MAX_TIME_TICKS} (the years 1970 to 2109 in 1/${TICKS_PER_MS} ms)`,
    got: String(ticks),
    hint: "Set this machine's clock.",
  });
}

/** Milliseconds since 1970. */
export function msOf(time: Time): number {
  return Math.floor(time / TICKS_PER_MS);
}

/** Later time wins; ties go to the actor that is greater in UTF-8 bytes. */
export function compareStamps(a: Stamp, b: Stamp): number {
  return a.time - b.time || compareUtf8(a.actor, b.actor);
}
