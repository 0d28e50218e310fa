import type { RandomBytes, Timers } from '@weft/core';
import type { LaneJournal } from '../journal/lane-journal.ts';
import type { LaneLog } from './lane-log.ts';
import type { MakeLanePart } from './lane-part.ts';
import type { LaneWorld } from './lane-world.ts';
import type { RoomLimits } from './room-limits.ts';

/** What a room is made of. */
export interface LaneRoomOptions {
  readonly world: LaneWorld;
  readonly journal: LaneJournal;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly log: LaneLog;
  /** Default: `ROOM_LIMITS`. */
  readonly limits?: RoomLimits;
  /** Documents, presence and the like. */
  readonly parts?: readonly MakeLanePart[];
}
