import type { LaneRoom } from '../lane/lane-room.ts';
import type { LaneWorld } from '../lane/lane-world.ts';

/** What services reach of one world. */
export interface ServedWorld {
  readonly room: LaneRoom;
  readonly world: LaneWorld;
}

/** `null` for a room that this relay does not serve. */
export type FindWorld = (room: string) => ServedWorld | null;
