import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeFrame } from '../encode-frame.ts';
import { MAX_POSE_DOWN_BYTES } from '../limits.ts';
import { encodePoses } from './encode-poses.ts';

test('[PO3] many updates become the frame that they are as one', () => {
  fc.assert(
    fc.property(fc.nat({ max: 0xffff }), fc.array(fc.uint8Array({ maxLength: 20 })), (at, updates) => {
      const joined = Uint8Array.from(updates.flatMap((update) => [...update]));
      expect(encodePoses(at, updates)).toEqual(encodeFrame({ type: 'pose-down', at, updates: joined }));
    }),
  );
});

test('[PO3] a frame of poses has a bound', () => {
  const most = new Uint8Array(MAX_POSE_DOWN_BYTES - 3);
  expect(encodePoses(0, [most])).toHaveLength(MAX_POSE_DOWN_BYTES);
  expect(() => encodePoses(0, [most, new Uint8Array(1)])).toThrow('at most 65536 bytes');
});
