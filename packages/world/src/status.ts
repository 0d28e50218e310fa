import { Cell, type Readable, type Replica, sameFields } from '@weft/core';
import type { LaneStatus } from '@weft/live';
import type { Role, RoomId, RoomSession } from '@weft/matrix';
import { type Route, travelOf } from './lane/route.ts';

/** How a world is doing, for this user on this client. */
export interface WorldStatus {
  /** `ready` once the whole state of the room was read. */
  readonly graph: 'loading' | 'ready';
  /** How edits travel: over a relay, from device to device, with the room alone, or not at all for now. */
  readonly lane: Route;
  /** What is going on there, as a sentence. */
  readonly laneDetail: string;
  /** Whether the world was just opened and a faster way is still being looked for. */
  readonly connecting: boolean;
  readonly role: Role;
  /** Why nothing can be changed, as a sentence; `null` where something can. */
  readonly readOnly: string | null;
  /** The room that took this one's place; `World.successor` opens it. `null` where none did. */
  readonly replacement: RoomId | null;
  /** Objects with edits that the room does not hold yet. */
  readonly unsaved: number;
  /**
   * Why edits would not survive the end of this program, as a sentence; `null` where this device keeps them until the room
   * holds them.
   */
  readonly notKept: string | null;
  /** Values stamped too far in the future, which wait for their time. */
  readonly quarantined: number;
  /** Parts of the room that cannot be read yet, since their files could not be fetched: there may be more than is shown. */
  readonly incomplete: number;
}

const CLOSED = { lane: 'offline', laneDetail: 'The world was closed.' } as const;

export interface StatusPorts {
  readonly session: RoomSession;
  readonly replica: Replica;
  readonly notKept: () => string | null;
  /** `null` where the world has no live lane. */
  readonly lane: () => LaneStatus | null;
  readonly isConnecting: () => boolean;
}

/** The status of an open session; `update` is called after whatever may have changed it. */
export class StatusCell implements Readable<WorldStatus> {
  readonly #session: RoomSession;
  readonly #replica: Replica;
  readonly #notKept: () => string | null;
  readonly #lane: () => LaneStatus | null;
  readonly #isConnecting: () => boolean;
  readonly #cell: Cell<WorldStatus>;
  #closed = false;

  constructor({ session, replica, notKept, lane, isConnecting }: StatusPorts) {
    this.#session = session;
    this.#replica = replica;
    this.#notKept = notKept;
    this.#lane = lane;
    this.#isConnecting = isConnecting;
    this.#cell = new Cell(this.#read(), sameFields);
  }

  get value(): WorldStatus {
    return this.#cell.value;
  }

  subscribe(listener: () => void): () => void {
    return this.#cell.subscribe(listener);
  }

  update(): void {
    this.#cell.set(this.#read());
  }

  close(): void {
    this.#closed = true;
    this.update();
  }

  #read(): WorldStatus {
    const { standing, connection, incomplete } = this.#session;
    return Object.freeze({
      graph: 'ready',
      ...(this.#closed ? CLOSED : travelOf(this.#lane(), connection)),
      connecting: !this.#closed && this.#isConnecting(),
      role: standing.role,
      readOnly: this.#closed ? CLOSED.laneDetail : standing.readOnly,
      replacement: standing.replacement,
      unsaved: this.#replica.dirty().size,
      notKept: this.#notKept(),
      quarantined: this.#replica.quarantined,
      incomplete: incomplete.length,
    });
  }
}
