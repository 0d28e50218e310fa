import { ProtocolError } from '../protocol-error.ts';
import { pack } from './pack.ts';
import { unpack } from './unpack.ts';

/** How the fields of a frame stand in its bytes. */
export interface Layout {
  /** @param byte the first one */
  pack(list: unknown[], byte: number): Uint8Array;
  /** The list of fields after the first byte. @throws ProtocolError and nothing else */
  unpack(bytes: Uint8Array, what: string): unknown;
}

/** One MessagePack value: the list. */
export const MESSAGE_PACK: Layout = {
  pack: (list, byte) => pack(list, byte).bytes,
  unpack: (bytes, what) => unpack(bytes, 1, what),
};

const HEAD_BYTES = 3;

/** Frames of poses come so often that they have their own: a time in two bytes, and the updates as they are. */
export const POSES: Layout = {
  pack: ([at, updates], byte) => {
    if (typeof at !== 'number' || !(updates instanceof Uint8Array)) throw new TypeError('no frame of poses');
    const bytes = new Uint8Array(HEAD_BYTES + updates.length);
    bytes[0] = byte;
    bytes[1] = at >> 8;
    bytes[2] = at;
    bytes.set(updates, HEAD_BYTES);
    return bytes;
  },
  unpack: (bytes, what) => {
    const [, high, low] = bytes;
    if (high === undefined || low === undefined)
      throw new ProtocolError('malformed', { what, expected: 'a time of two bytes', got: 'fewer' });
    return [high * 256 + low, bytes.subarray(HEAD_BYTES)];
  },
};
