import { WholeMessages } from '@weft/protocol';
import { expect, test } from 'vitest';
import { MaskedFrames } from './masked-frames.ts';

const MESSAGE = Uint8Array.of(1, 2, 3, 4, 5);

test('[LV11] no two frames have the same mask, and the message stays as it was', () => {
  const frames = new MaskedFrames();
  const masks = new Set<string>();
  // More than are drawn at once.
  for (let sent = 0; sent < 5000; sent += 1) {
    const frame = frames.frame(MESSAGE);
    masks.add(frame.toString('hex', 2, 6));
    expect(new WholeMessages({ isMasked: true }).at(frame, 0)).toEqual(Uint8Array.of(1, 2, 3, 4, 5));
  }
  expect(masks.size).toBeGreaterThan(4990);
  expect(MESSAGE).toEqual(Uint8Array.of(1, 2, 3, 4, 5));
});
