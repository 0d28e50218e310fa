import { createHash } from 'node:crypto';
import type { RandomBytes, Timers } from '@weft/core';
import { StoreError, type StorePlace, type WorldStore } from '@weft/store';
import type { LaneJournal } from '../journal/lane-journal.ts';
import { StoreJournal } from '../journal/store-journal.ts';
import type { MakeLanePart } from '../lane/lane-part.ts';
import type { LaneRoom } from '../lane/lane-room.ts';
import type { LaneWorld } from '../lane/lane-world.ts';
import { openLaneRoom } from '../lane/live-room.ts';
import type { RoomLimits } from '../lane/room-limits.ts';
import type { ServedWorld } from '../service/served-world.ts';
import { MeasuredJournal } from './measured-journal.ts';
import type { RelayLog } from './relay-log.ts';

export interface LaneRoomsOptions {
  /** Where journals are kept. */
  readonly place: StorePlace;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly log: RelayLog;
  readonly limits: RoomLimits;
  readonly parts: readonly MakeLanePart[];
  /** Told how long each commit took, in milliseconds. */
  readonly committed: (ms: number) => void;
}

const NAME_CHARACTERS = 32;

/** The live rooms of all worlds that a relay serves, each with a journal of its own. */
export class LaneRooms {
  readonly #options: LaneRoomsOptions;
  readonly #served = new Map<string, ServedWorld & { readonly journal: LaneJournal }>();

  constructor(options: LaneRoomsOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#served.size;
  }

  of(room: string): LaneRoom | null {
    return this.#served.get(room)?.room ?? null;
  }

  /** A live room with the world that it is of. */
  served(room: string): ServedWorld | null {
    return this.#served.get(room) ?? null;
  }

  /** Bytes in all journals: those that wait for a commit, and those that are kept. */
  journals(): { readonly waitingBytes: number; readonly keptBytes: number } {
    let [waitingBytes, keptBytes] = [0, 0];
    for (const { journal } of this.#served.values()) {
      waitingBytes += journal.waitingBytes;
      keptBytes += journal.bytes;
    }
    return { waitingBytes, keptBytes };
  }

  /** @throws StoreError where the journal cannot be opened; the world is not served then */
  async open(room: string, world: LaneWorld): Promise<LaneRoom> {
    const { timers, random, limits, parts, committed, log } = this.#options;
    const journal = new MeasuredJournal(
      new StoreJournal(await this.#storeOf(room)),
      () => performance.now(),
      committed,
    );
    const opened = await openLaneRoom({
      ...{ world, timers, random, limits, parts },
      journal,
      log: {
        info: (fields, message) => log.info({ room, ...fields }, message),
        warn: (fields, message) => log.warn({ room, ...fields }, message),
      },
    });
    this.#served.set(room, { room: opened, world, journal });
    return opened;
  }

  /** Closes a world's room and its sockets; does nothing for one that is not served. */
  async close(room: string): Promise<void> {
    const served = this.#served.get(room);
    this.#served.delete(room);
    await served?.room.close();
  }

  async drain(inMs: number): Promise<void> {
    await Promise.all([...this.#served.values()].map(({ room }) => room.drain(inMs)));
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#served.keys()].map((room) => this.close(room)));
  }

  async #storeOf(room: string): Promise<WorldStore> {
    const { place, log } = this.#options;
    const name = createHash('sha256').update(room).digest('hex').slice(0, NAME_CHARACTERS);
    try {
      return await place.open(name);
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'corrupt') throw error;
      // Whole, for whoever can read it: what it held and no client sends again is lost otherwise.
      const aside = await place.setAside(name);
      log.error(
        { room, aside, err: error },
        'a journal was not what had been written: set aside, begun anew',
      );
      return place.open(name);
    }
  }
}
