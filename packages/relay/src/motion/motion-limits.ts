/** The bounds of what moves in one room. */
export interface MotionLimits {
  /** What one reader is told of poses in a second, in bytes. */
  readonly bytesPerSecond: number;
  /** What it may be told at once. */
  readonly byteBurst: number;
  /** What a relay may send in a second, in frames of poses to one reader each, before it gathers them for longer. */
  readonly framesPerSecond: number;
}

export const MOTION_LIMITS: MotionLimits = {
  bytesPerSecond: 48_000,
  byteBurst: 32_768,
  framesPerSecond: 32_000,
};
