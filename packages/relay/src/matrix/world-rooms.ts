import type { LaneRoom } from '../lane/lane-room.ts';
import type { LaneWorld } from '../lane/lane-world.ts';

/** The live rooms of the worlds that a relay serves, each with its journal. */
export interface WorldRooms {
  readonly count: number;
  of(room: string): LaneRoom | null;
  /** @throws StoreError where its journal cannot be opened */
  open(room: string, world: LaneWorld): Promise<LaneRoom>;
  /** Closes a world's room and its sockets; does nothing for one that is not there. */
  close(room: string): Promise<void>;
  drain(inMs: number): Promise<void>;
  closeAll(): Promise<void>;
}
