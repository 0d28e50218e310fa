import { isUtf8 } from './utf8.ts';

/** Up to here a text is put together by itself: to call a decoder costs more. */
const MAX_SHORT_BYTES = 64;
/** For each length the list in which its characters are put together: to make one for each text costs as much as the text. */
const UNITS: readonly number[][] = Array.from({ length: MAX_SHORT_BYTES + 1 }, (_, length) =>
  new Array<number>(length).fill(0),
);

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text that bytes are; `null` where they are no UTF-8. */
export function readText(bytes: Uint8Array, from: number, to: number): string | null {
  const units = UNITS[to - from];
  const short = units === undefined ? null : readAscii(bytes, from, units);
  if (short !== null) return short;
  return isUtf8(bytes, from, to) ? decoder.decode(bytes.subarray(from, to)) : null;
}

function readAscii(bytes: Uint8Array, from: number, units: number[]): string | null {
  for (let at = 0; at < units.length; at++) {
    const unit = bytes[from + at] ?? 0;
    if (unit >= 0x80) return null;
    units[at] = unit;
  }
  return String.fromCharCode(...units);
}
