import { poseFlow } from '../frame/pose-flow.ts';
import { MAX_POSE_DOWN_BYTES } from '../limits.ts';
import { ProtocolError } from '../protocol-error.ts';
import { BitWriter } from './bits.ts';
import { writeGamma } from './codes.ts';
import type { FlowUpdate } from './write-flow-update.ts';

/** Made once: frames come by the thousand. */
const BITS = new BitWriter();

/**
 * The bytes of a frame `pose-flow`.
 *
 * @param at see `poseTime` @param updates by their handles, the smallest first; a mover once at most
 * @throws ProtocolError `too-large` beyond the bound of that frame
 */
export function encodeFlow(at: number, updates: readonly FlowUpdate[]): Uint8Array {
  BITS.write(poseFlow.byte, 8);
  BITS.write(at, 16);
  let last = 0;
  for (const { handle, bytes, length } of updates) {
    writeGamma(BITS, handle - last);
    BITS.append(bytes, length);
    last = handle;
  }
  const message = BITS.finish();
  if (message.length <= MAX_POSE_DOWN_BYTES) return message;
  throw new ProtocolError('too-large', {
    what: 'write the frame pose-flow',
    expected: `at most ${MAX_POSE_DOWN_BYTES} bytes`,
    got: String(message.length),
  });
}
