import { ProtocolError } from '../protocol-error.ts';
import type { BitReader, BitWriter } from './bits.ts';

/** What a relay calls a mover on the wire; given once in a run. */
export type MoverHandle = number;

/** Four bytes of seven bits. */
export const MAX_MOVER_HANDLE = 268_435_455;

const MORE = 0x80;
const GROUP_BITS = 7;
const MAX_GROUPS = 4;

export function writeHandle(bits: BitWriter, handle: MoverHandle): void {
  let left = handle;
  for (; left >= MORE; left >>>= GROUP_BITS) bits.write((left & (MORE - 1)) | MORE, 8);
  bits.write(left, 8);
}

/** @throws ProtocolError `malformed` for zero, more than four bytes, and a longer form than is needed */
export function readHandle(bits: BitReader): MoverHandle {
  let handle = 0;
  for (let group = 0; group < MAX_GROUPS; group++) {
    const byte = bits.unsigned(8);
    handle |= (byte & (MORE - 1)) << (group * GROUP_BITS);
    if (byte >= MORE) continue;
    if (byte === 0) break;
    return handle;
  }
  throw new ProtocolError('malformed', {
    what: 'read poses',
    expected: 'the handle of a mover in its shortest form',
    got: 'another number',
  });
}
