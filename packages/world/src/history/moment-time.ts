import { WeftError } from '@weft/core';

/** A moment: milliseconds since 1970, a `Date`, or an ISO 8601 text with a time zone, or a date alone (UTC). */
export type MomentTime = number | string | Date;

const ISO = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/;

/** @throws WeftError `invalid-value` */
export function momentMs(time: MomentTime): number {
  const ms = typeof time === 'string' ? (ISO.test(time) ? Date.parse(time) : Number.NaN) : Number(time);
  if (Number.isFinite(ms) && ms >= 0) return Math.floor(ms);
  throw new WeftError('invalid-value', {
    what: 'look at another time',
    expected: 'a time such as 2026-05-01T12:00Z, or milliseconds since 1970',
    got: String(time),
    hint: 'Give the date, and the time with its zone: Z is UTC.',
  });
}
