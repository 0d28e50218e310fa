import type { LaneStatus } from '@weft/live';

/** How edits travel: over a relay, from device to device, with the room alone, or not at all for now. */
export type Route = LaneStatus['lane'] | 'offline';

/** How edits travel right now, and what is going on as a sentence for people. */
export interface Travel {
  readonly lane: Route;
  readonly laneDetail: string;
}

/** @param lane `null` where the world has no lane */
export function travelOf(lane: LaneStatus | null, homeserver: 'online' | 'offline'): Travel {
  // What goes from device to device goes through the homeservers.
  const isLive = lane?.lane === 'relay' || (lane?.lane === 'peer' && homeserver === 'online');
  const away = 'The homeserver does not answer';
  if (isLive && homeserver === 'offline')
    return { lane: lane.lane, laneDetail: `${lane.sentence} ${away}: nothing new is durable until it does.` };
  if (isLive) return { lane: lane.lane, laneDetail: lane.sentence };
  if (homeserver === 'offline') return { lane: 'offline', laneDetail: `${away}: edits wait on this device.` };
  return { lane: 'matrix', laneDetail: lane?.sentence ?? 'Edits travel with the room alone, by choice.' };
}
