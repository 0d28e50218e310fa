import { WeftError } from '@weft/core';
import { type MoverPose, ProtocolError, poseOf, quantisePose } from '@weft/protocol';

/**
 * A pose as it reaches others, in the steps of the wire.
 *
 * @param what is being done, as the start of a sentence
 * @throws WeftError `invalid-value` for what is not finite, lies outside the world or is no rotation
 */
export function asOthersSee(pose: MoverPose, what: string): MoverPose {
  return withPose(what, () => poseOf(quantisePose(pose)));
}

/** Says of a pose that is none whose fault that is. @throws WeftError `invalid-value` */
export function withPose<T>(what: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new WeftError('invalid-value', {
      what,
      expected: error.expected,
      got: error.got,
      hint: 'Give finite coordinates within the world, and unit quaternions; nothing was sent.',
      by: 'developer',
      cause: error,
    });
  }
}
