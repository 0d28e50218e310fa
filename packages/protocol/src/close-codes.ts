/** Why one side closed a socket of the lane. All are in the range that RFC 6455 leaves to applications. */
export const CLOSE_CODES = {
  /** A frame was none, or not one that this side may send. */
  malformed: 4400,
  /** The ticket or the signature does not hold, or was used before. */
  unauthenticated: 4401,
  /** The user is not in the room, was kicked or banned, or may not do this at all. */
  forbidden: 4403,
  /** No hello came within its time. */
  silent: 4408,
  /** The actor is in use by another socket, or this socket was replaced by a newer one of the same client. */
  replaced: 4409,
  /** A frame, or what it holds, is beyond a bound. */
  tooLarge: 4413,
  /** More frames than the relay allows. */
  tooMany: 4429,
  /** The relay stops; come back after a while, or go to another. */
  draining: 4503,
  /** The client reads more slowly than the world changes. */
  slowReader: 4508,
} as const;
