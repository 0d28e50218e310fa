import { isUtf8 } from './utf8.ts';

/** Up to here a text is put together by itself: to call a decoder costs more. */
const MAX_SHORT_BYTES = 64;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text that bytes are; `null` where they are no UTF-8. */
export function readText(bytes: Uint8Array, from: number, to: number): string | null {
  const short = to - from <= MAX_SHORT_BYTES ? readAscii(bytes, from, to) : null;
  if (short !== null) return short;
  return isUtf8(bytes, from, to) ? decoder.decode(bytes.subarray(from, to)) : null;
}

function readAscii(bytes: Uint8Array, from: number, to: number): string | null {
  const units: number[] = [];
  for (let at = from; at < to; at++) {
    const unit = bytes[at] ?? 0;
    if (unit >= 0x80) return null;
    units.push(unit);
  }
  return String.fromCharCode(...units);
}
