import type { RelayConfig } from '../config/relay-config.ts';
import type { RoomLimits } from '../lane/room-limits.ts';

/**
 * What a room takes of one socket is what the connection lets through: a burst, and as much again that was on its way
 * when reading was slowed down. So a room closes nobody whom the connection would have slowed.
 */
export function roomLimitsOf({ limits, room }: RelayConfig): RoomLimits {
  const { framesPerSecond, frameBurst, bytesPerSecond, byteBurst } = limits;
  return {
    ...room,
    framesPerSecond,
    bytesPerSecond,
    frameBurst: 2 * frameBurst,
    byteBurst: 2 * byteBurst,
  };
}
