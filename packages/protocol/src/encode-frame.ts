import type { FrameKind } from './frame/frame.ts';
import { DOWN_FRAMES, type Frame, UP_FRAMES } from './frames.ts';
import { ProtocolError } from './protocol-error.ts';
import type { Fields } from './wire/field.ts';
import { packer } from './wire/pack.ts';

const KINDS = new Map<Frame['type'], FrameKind<string, Fields>>(
  [...UP_FRAMES, ...DOWN_FRAMES].map((kind) => [kind.type, kind]),
);

/**
 * The bytes of a frame, ready to be sent.
 *
 * @throws ProtocolError `too-large` beyond the bound of its kind
 */
export function encodeFrame(frame: Frame): Uint8Array {
  const kind = KINDS.get(frame.type);
  const what = `write the frame ${frame.type}`;
  if (kind === undefined)
    throw new ProtocolError('unknown-frame', { what, expected: 'a frame of version 1', got: frame.type });
  const bytes = bytesOf(kind, frame);
  if (bytes.length <= kind.maxBytes) return bytes;
  throw new ProtocolError('too-large', {
    what,
    expected: `at most ${kind.maxBytes} bytes`,
    got: String(bytes.length),
  });
}

function bytesOf({ writtenOut, layout, write, byte }: FrameKind<string, Fields>, frame: Frame): Uint8Array {
  if (writtenOut === null) return layout.pack(write(frame), byte);
  packer.begin(byte);
  writtenOut.write(frame, packer);
  return packer.end().bytes;
}
