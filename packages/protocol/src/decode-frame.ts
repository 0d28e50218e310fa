import type { Direction } from './frame/frame.ts';
import { DOWN_FRAMES, type DownFrame, type Frame, UP_FRAMES, type UpFrame } from './frames.ts';
import { MAX_FRAME_BYTES } from './limits.ts';
import { ProtocolError } from './protocol-error.ts';
import { Unpacker } from './wire/unpack.ts';

type AnyKind = (typeof UP_FRAMES)[number] | (typeof DOWN_FRAMES)[number];

/** By their bytes. */
const KINDS: readonly (AnyKind | undefined)[] = Array.from({ length: 0x100 }, (_, byte) =>
  [...UP_FRAMES, ...DOWN_FRAMES].find((kind) => kind.byte === byte),
);

/**
 * The frame that bytes are. Bytes within it are views of the ones given; a patch within it is read by `decodeWirePatch`.
 *
 * @param direction to where the bytes were sent: what only the other side may send is refused
 * @throws ProtocolError, whatever the bytes are, and nothing else
 */
export function decodeFrame(bytes: Uint8Array, direction: 'to-relay'): UpFrame;
export function decodeFrame(bytes: Uint8Array, direction: 'to-client'): DownFrame;
export function decodeFrame(bytes: Uint8Array, direction: Direction): Frame {
  const first = bytes[0];
  if (first === undefined)
    throw new ProtocolError('malformed', {
      what: 'read a frame',
      expected: 'at least one byte',
      got: 'none',
    });
  if (bytes.length > MAX_FRAME_BYTES) throw tooLarge('read a frame', MAX_FRAME_BYTES, bytes);
  const kind = KINDS[first];
  if (kind === undefined)
    throw new ProtocolError('unknown-frame', {
      what: 'read a frame',
      expected: 'the byte of a frame of version 1',
      got: `0x${first.toString(16)}`,
    });
  const what = `read the frame ${kind.type}`;
  if (kind.direction !== direction)
    throw new ProtocolError('wrong-direction', {
      what,
      expected: `a frame ${direction}`,
      got: kind.direction,
    });
  if (bytes.length > kind.maxBytes) throw tooLarge(what, kind.maxBytes, bytes);
  const frame =
    kind.writtenOut?.read(new Unpacker(bytes, 1, what)) ?? kind.read(kind.layout.unpack(bytes, what));
  if (typeof frame === 'string')
    throw new ProtocolError('malformed', { what, expected: frame, got: 'something else' });
  return frame;
}

function tooLarge(what: string, maxBytes: number, { length }: Uint8Array): ProtocolError {
  return new ProtocolError('too-large', { what, expected: `at most ${maxBytes} bytes`, got: String(length) });
}
