import type { ObjectId, Patch, SourcedPatch, Time } from '@weft/core';
import type { RoomEvent } from '../room-event.ts';

/** What one step of the room changes in a journal. */
export interface JournalUpdate {
  /** State events that are current now. */
  readonly current: readonly RoomEvent[];
  /** Type and key of what is state no more. */
  readonly gone: readonly (readonly [type: string, stateKey: string])[];
  /** Events that are current no more, or never were, and said what nothing else may say, or who might do what. */
  readonly past: readonly RoomEvent[];
  /** The same, of carriers that cannot be read again by themselves. */
  readonly remains: readonly SourcedPatch[];
  /** What the room says or once said, and it is not known in which event. */
  readonly folded: readonly Patch[];
  /** Objects that were purged just now: what was written of them up to then has to leave the device. */
  readonly purged: ReadonlyMap<ObjectId, Time>;
  /** Events that count as never sent: what they said has to leave too. */
  readonly retracted: readonly string[];
  /** The blobs that the room's state points to, by sha256; `null` where that was not asked. */
  readonly blobsInUse: ReadonlySet<string> | null;
  /** `null` where it stays what it is. */
  readonly token: string | null;
  /** When the whole state was read; `null` where it was not. */
  readonly readMs: number | null;
}

/** A step that changes nothing. */
export const NO_UPDATE: JournalUpdate = {
  current: [],
  gone: [],
  past: [],
  remains: [],
  folded: [],
  purged: new Map(),
  retracted: [],
  blobsInUse: null,
  token: null,
  readMs: null,
};

/** What waits to be written, all of it in one transaction. */
export interface JournalBatch {
  /** By record key; `null` where the record goes. */
  readonly state: ReadonlyMap<string, RoomEvent | null>;
  readonly past: readonly RoomEvent[];
  readonly remains: readonly SourcedPatch[];
  readonly folded: readonly Patch[];
  readonly purged: ReadonlyMap<ObjectId, Time>;
  readonly retracted: ReadonlySet<string>;
  /** Files of blobs, by sha256. */
  readonly blobs: ReadonlyMap<string, Uint8Array>;
  readonly blobsInUse: ReadonlySet<string> | null;
  readonly token: string | null;
  readonly readMs: number | null;
  readonly edits: readonly Patch[];
  /** Whether what is pending is to be written anew, since something of it is not any more. */
  readonly isPendingStale: boolean;
  readonly waiting: readonly Waiting[];
}

/** Who is told when a batch was written. */
export interface Waiting {
  readonly isEdit: boolean;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export const emptyBatch: JournalBatch = {
  state: new Map(),
  past: [],
  remains: [],
  folded: [],
  purged: new Map(),
  retracted: new Set(),
  blobs: new Map(),
  blobsInUse: null,
  token: null,
  readMs: null,
  edits: [],
  isPendingStale: false,
  waiting: [],
};

/** One after the other, as one. */
export function mergeBatches(first: JournalBatch, second: JournalBatch): JournalBatch {
  const purged = new Map(first.purged);
  for (const [id, time] of second.purged) {
    const known = purged.get(id);
    purged.set(id, known === undefined || known < time ? time : known);
  }
  return {
    state: new Map([...first.state, ...second.state]),
    past: [...first.past, ...second.past],
    remains: [...first.remains, ...second.remains],
    folded: [...first.folded, ...second.folded],
    purged,
    retracted: first.retracted.union(second.retracted),
    blobs: new Map([...first.blobs, ...second.blobs]),
    blobsInUse: second.blobsInUse ?? first.blobsInUse,
    token: second.token ?? first.token,
    readMs: second.readMs ?? first.readMs,
    edits: [...first.edits, ...second.edits],
    isPendingStale: first.isPendingStale || second.isPendingStale,
    waiting: [...first.waiting, ...second.waiting],
  };
}

export function isEmptyBatch(batch: JournalBatch): boolean {
  const { state, past, remains, folded, purged, retracted, token, readMs, edits, isPendingStale, waiting } =
    batch;
  const lists = [past, remains, folded, edits, waiting].every(({ length }) => length === 0);
  const sizes = state.size + purged.size + retracted.size + batch.blobs.size;
  return lists && sizes === 0 && token === null && readMs === null && !isPendingStale;
}
