import type { ChannelOptions } from '../channel.ts';
import type { LanePorts } from '../lane/lane-ports.ts';

/** What the lanes of a channel share, of what the channel is made of. */
export function lanePortsOf(options: ChannelOptions, memberId: string): LanePorts {
  const { room, mode = 'play', key, replica, signalling, openSocket, timers, random } = options;
  const { createSha256, inflate } = options;
  const decoding = { createSha256, inflate };
  return { room, memberId, mode, key, replica, signalling, openSocket, timers, random, decoding };
}
