import type { RelayConfig } from '../config/relay-config.ts';
import type { RoomLimits } from '../lane/room-limits.ts';

/** What an operator set for each world. The rate of a socket is the connection's to see to; a room only tells of it. */
export function roomLimitsOf({ limits, room }: RelayConfig): RoomLimits {
  const { framesPerSecond, frameBurst, bytesPerSecond } = limits;
  return { ...room, framesPerSecond, frameBurst, bytesPerSecond };
}
