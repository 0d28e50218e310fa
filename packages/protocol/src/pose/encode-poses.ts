import { poseDown } from '../frame/pose-down.ts';
import { MAX_POSE_DOWN_BYTES } from '../limits.ts';
import { ProtocolError } from '../protocol-error.ts';

const HEAD_BYTES = 3;

/**
 * The bytes of a frame `pose-down` of these updates: what `encodeFrame` makes of them, without a copy in between.
 *
 * @param at see `poseTime`
 * @throws ProtocolError `too-large` beyond the bound of that frame
 */
export function encodePoses(at: number, updates: readonly Uint8Array[]): Uint8Array {
  let length = HEAD_BYTES;
  for (const update of updates) length += update.length;
  if (length > MAX_POSE_DOWN_BYTES)
    throw new ProtocolError('too-large', {
      what: 'write the frame pose-down',
      expected: `at most ${MAX_POSE_DOWN_BYTES} bytes`,
      got: String(length),
    });
  const bytes = new Uint8Array(length);
  bytes[0] = poseDown.byte;
  bytes[1] = at >> 8;
  bytes[2] = at;
  let end = HEAD_BYTES;
  // Byte by byte: updates are so short that a call for each would cost more.
  for (const update of updates)
    for (let from = 0; from < update.length; from++) bytes[end++] = update[from] ?? 0;
  return bytes;
}
