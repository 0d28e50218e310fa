import { expect, test } from 'vitest';
import { MaskedFrames } from './masked-frames.ts';

test('[LV11] each frame has a mask of its own, and the message stays as it was', () => {
  const frames = new MaskedFrames();
  const message = Uint8Array.of(1, 2, 3, 4, 5);
  const masks = new Set<string>();
  // More than are drawn at once.
  for (let sent = 0; sent < 5000; sent += 1) {
    const frame = frames.frame(message);
    const [mask, masked] = [frame.subarray(2, 6), frame.subarray(6)];
    masks.add(mask.toString('hex'));
    expect(Array.from(masked, (byte, at) => byte ^ (mask[at % 4] ?? 0))).toEqual([1, 2, 3, 4, 5]);
  }
  expect(masks.size).toBeGreaterThan(4990);
  expect(message).toEqual(Uint8Array.of(1, 2, 3, 4, 5));
});
