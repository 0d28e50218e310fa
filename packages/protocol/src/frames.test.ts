import { expect, test } from 'vitest';
import { SAMPLE_FRAMES } from '../test/sample-frames.ts';
import { decodeFrame } from './decode-frame.ts';
import { encodeFrame } from './encode-frame.ts';
import { DOWN_FRAMES, type Frame, UP_FRAMES } from './frames.ts';
import { ProtocolError } from './protocol-error.ts';

const UP_TYPES: ReadonlySet<string> = new Set(UP_FRAMES.map(({ type }) => type));

function decode(frame: Frame, bytes: Uint8Array): Frame {
  return UP_TYPES.has(frame.type) ? decodeFrame(bytes, 'to-relay') : decodeFrame(bytes, 'to-client');
}

test('[PF1] a frame reads back as it was written', () => {
  for (const frame of SAMPLE_FRAMES) expect(decode(frame, encodeFrame(frame))).toEqual(frame);
});

test('there is a sample of every kind, and no two kinds share a byte', () => {
  const kinds = [...UP_FRAMES, ...DOWN_FRAMES];
  expect(SAMPLE_FRAMES.map(({ type }) => type)).toEqual(kinds.map(({ type }) => type));
  expect(new Set(kinds.map(({ byte }) => byte)).size).toBe(kinds.length);
});

test('[PF2] a frame that the other side sends is refused', () => {
  for (const frame of SAMPLE_FRAMES) {
    const bytes = encodeFrame(frame);
    const wrong = () =>
      UP_TYPES.has(frame.type) ? decodeFrame(bytes, 'to-client') : decodeFrame(bytes, 'to-relay');
    expect(wrong).toThrow(ProtocolError);
    expect(wrong).toThrow(/direction|expected a frame to-/);
  }
});
