import { ByteReader } from './byte-reader.ts';
import { HEADER_BYTES } from './header.ts';
import { readFrame } from './section.ts';

/** What the sections of a whole file come to, inflated: what `maxContentBytes` bounds. */
export function contentBytesOf(file: Uint8Array): number {
  const reader = new ByteReader(file.subarray(HEADER_BYTES));
  let bytes = 0;
  while (reader.left > 0) {
    const frame = readFrame(reader);
    bytes += frame.inflatedBytes ?? frame.storedBytes;
    reader.bytes(frame.storedBytes);
  }
  return bytes;
}
