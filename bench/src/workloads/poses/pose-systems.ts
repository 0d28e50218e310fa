import { DEFAULT_SETTING, peer, type System } from '../../peers/systems.ts';

const FOLDER = 'poses';

export const WEFT_POSES: System = {
  name: 'weft',
  adapter: new URL('../../poses/weft.ts', import.meta.url).href,
  settings: {
    [DEFAULT_SETTING]: 'a relay as it comes: 48 kB a second to each reader at most',
    best: 'the same without that bound, for readers on fast lines',
  },
};

export const POSE_SYSTEMS: readonly System[] = [
  WEFT_POSES,
  peer(
    'floor',
    { default: 'ws alone, each pose to each reader', ticked: 'ws alone, one frame to each every 16 ms' },
    FOLDER,
  ),
  peer('y-websocket', { default: 'awareness of y-protocols, and the server of y-websocket' }, FOLDER),
  peer(
    'colyseus',
    { default: 'patchRate 50 ms, its default', best: 'patchRate 16 ms, for fast games' },
    FOLDER,
  ),
  peer('networked-aframe', { default: 'its messages over socket.io, JSON' }, FOLDER),
];
