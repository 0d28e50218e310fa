import { decodePatch, emptyPatch, join, type Patch, type SourcedPatch, type UserId } from '@weft/core';
import { StoreError, type WorldStore } from '@weft/store';
import type { RoomId } from '../ids.ts';
import type { RoomEvent } from '../room-event.ts';
import { decodeHead, HEAD_KEY, type JournalHead } from './journal-head.ts';
import { decodeRemains } from './remains-record.ts';
import { decodeEvents } from './state-record.ts';

/** What a device kept of a room. Joining all of it gives the replica of then. */
export interface JournalContents {
  readonly head: JournalHead;
  /** The current state of the room. */
  readonly state: readonly RoomEvent[];
  /** Carriers, and events of who might do what, that were current once, or never. */
  readonly past: readonly RoomEvent[];
  /** What is left of what other recent carriers said: the rest was purged, or was in a blob. */
  readonly remains: readonly SourcedPatch[];
  /** What older carriers said. */
  readonly floor: Patch;
  /** What was written here and was not seen to be settled. */
  readonly pending: Patch;
}

/** What reading a journal came to. */
export type JournalReading =
  | { readonly kind: 'empty' }
  | { readonly kind: 'found'; readonly contents: JournalContents }
  /** Something in it is not what was written. The edits are those that can be vouched for all the same. */
  | { readonly kind: 'damaged'; readonly error: StoreError; readonly pending: Patch };

/** Reads and verifies a journal. @throws StoreError where the store itself fails */
export async function readJournal(store: WorldStore, user: UserId, room: RoomId): Promise<JournalReading> {
  try {
    const contents = await readContents(store, user, room);
    return contents === null ? { kind: 'empty' } : { kind: 'found', contents };
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'corrupt') throw error;
    return { kind: 'damaged', error, pending: await salvage(store) };
  }
}

/** Whose journal a store holds; `null` where it holds none that can be read. */
export async function peekJournal(store: WorldStore): Promise<Pick<JournalHead, 'user' | 'room'> | null> {
  const bytes = await store.read(HEAD_KEY).catch(() => null);
  return bytes === null ? null : decodeHead(bytes);
}

async function readContents(store: WorldStore, user: UserId, room: RoomId): Promise<JournalContents | null> {
  const bytes = await store.read(HEAD_KEY);
  if (bytes === null) {
    const [orphan] = await store.keys('');
    if (orphan !== undefined) throw damaged(HEAD_KEY, 'the head of a journal', `only ${orphan}`);
    return null;
  }
  const head = decodeHead(bytes);
  if (head === null) throw damaged(HEAD_KEY, 'the head of a journal', 'something else');
  if (head.user !== user || head.room !== room)
    throw damaged(HEAD_KEY, `the journal of ${user} in ${room}`, `that of ${head.user} in ${head.room}`);
  const records = await store.readAll('state/');
  if (records.size !== head.stateCount)
    throw damaged('state/', `${head.stateCount} state events`, `${records.size}`);
  return {
    head,
    state: [...records].flatMap(([key, record]) => eventsOf(key, record)),
    past: (await readListed(store, head.past)).flatMap(([key, record]) => eventsOf(key, record)),
    remains: (await readListed(store, head.remains)).flatMap(([key, record]) => remainsOf(key, record)),
    floor: joined(await readListed(store, head.floor === null ? [] : [head.floor])),
    pending: joined(await readListed(store, head.pending)),
  };
}

export async function readListed(
  store: WorldStore,
  keys: readonly string[],
): Promise<readonly (readonly [string, Uint8Array])[]> {
  const found: [string, Uint8Array][] = [];
  for (const key of keys) {
    const record = await store.read(key);
    if (record === null) throw damaged(key, 'the record that the head lists', 'none');
    found.push([key, record]);
  }
  return found;
}

export function eventsOf(key: string, record: Uint8Array): readonly RoomEvent[] {
  const events = decodeEvents(record);
  if (events === null) throw damaged(key, 'room events', 'something else');
  return events;
}

export function remainsOf(key: string, record: Uint8Array): readonly SourcedPatch[] {
  const remains = readOrDamaged(key, () => decodeRemains(record));
  if (remains === null) throw damaged(key, 'what some events said', 'something else');
  return remains;
}

export function patchOfRecord(key: string, record: Uint8Array): Patch {
  return readOrDamaged(key, () => decodePatch(record, { carrier: key }).patch);
}

function readOrDamaged<T>(key: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw damaged(key, 'a patch', error instanceof Error ? error.message : String(error));
  }
}

/** Own edits that are whole, even if the rest is not: joining one too many changes nothing. */
async function salvage(store: WorldStore): Promise<Patch> {
  let pending = emptyPatch;
  for (const key of await store.keys('pending/').catch(() => [])) {
    try {
      const record = await store.read(key);
      if (record !== null) pending = join(pending, patchOfRecord(key, record));
    } catch {
      // This one is what is damaged, or is so too.
    }
  }
  return pending;
}

function joined(records: readonly (readonly [string, Uint8Array])[]): Patch {
  return records.map(([key, record]) => patchOfRecord(key, record)).reduce(join, emptyPatch);
}

function damaged(key: string, expected: string, got: string): StoreError {
  return new StoreError('corrupt', { what: `read the journal (record ${key})`, expected, got, key });
}
