import { type ActorId, encodePatch, latestTime, type Patch, type SourcedPatch, type Time } from '@weft/core';
import type { StoreChange, WorldStore } from '@weft/store';
import type { RoomEvent } from '../room-event.ts';
import { joinAll } from './join-all.ts';
import type { JournalBatch } from './journal-batch.ts';
import { eventsOf, type JournalContents, patchOfRecord, readListed, remainsOf } from './journal-contents.ts';
import { foldPast } from './journal-floor.ts';
import { EMPTY_HEAD, encodeHead, HEAD_KEY, type JournalHead, MAX_OWN_ACTORS } from './journal-head.ts';
import { encodeRemains } from './remains-record.ts';
import { encodeEvents, stateRecordKey } from './state-record.ts';

export interface JournalRecordsOptions {
  readonly store: WorldStore;
  /** The running client that writes. */
  readonly actor: ActorId;
  /** What was found in the store; `null` where it is new. */
  readonly contents: JournalContents | null;
  readonly owner: Pick<JournalHead, 'user' | 'room'>;
  /** All that this client wrote and that the room does not hold yet. */
  readonly pending: () => Patch;
  /** What a carrier says of objects; `null` for what is none. */
  readonly decode: (event: RoomEvent) => Patch | null;
  readonly now: () => number;
}

/** A transaction that was worked out and not made yet. */
export interface JournalStep {
  readonly change: StoreChange;
  readonly head: JournalHead;
  readonly state: ReadonlyMap<string, RoomEvent | null>;
}

/** Records of edits, or of past events, before they are put together. */
const MAX_RECORDS = 64;

/** The records of which a journal consists: works out what a batch changes in them. */
export class JournalRecords {
  readonly #options: JournalRecordsOptions;
  /** The version of each state record, by its key. */
  readonly #versions = new Map<string, string>();
  #head: JournalHead;

  constructor(options: JournalRecordsOptions) {
    const { actor, contents, owner } = options;
    this.#options = options;
    const found = contents?.head ?? EMPTY_HEAD;
    const actors = [...found.actors.filter((known) => known !== actor), actor];
    this.#head = { ...found, ...owner, actors: actors.slice(-MAX_OWN_ACTORS) };
    for (const event of contents?.state ?? []) this.#note(recordKeyOf(event), event);
  }

  get head(): JournalHead {
    return this.#head;
  }

  /** Reads what it needs, and writes nothing. @throws StoreError, WeftError `limit` */
  async stepOf(batch: JournalBatch): Promise<JournalStep> {
    const making = new StepInMaking(this.#head);
    const state = this.#putState(batch, making);
    this.#putPending(batch, making);
    putBlobs(batch, making);
    await this.#putPast(batch, making);
    making.head = {
      ...making.head,
      token: batch.token ?? making.head.token,
      readMs: batch.readMs ?? making.head.readMs,
      clock: latestOf(making.head.clock, batch.edits),
    };
    const erase = batch.purged.size > 0 || batch.retracted.size > 0;
    making.put.set(HEAD_KEY, encodeHead(making.head));
    return { change: { put: making.put, remove: making.remove, erase }, head: making.head, state };
  }

  /** The step was made. */
  done({ head, state }: JournalStep): void {
    this.#head = head;
    for (const [key, event] of state) this.#note(key, event);
  }

  #putState({ state }: JournalBatch, making: StepInMaking): ReadonlyMap<string, RoomEvent | null> {
    const changed = new Map<string, RoomEvent | null>();
    let { stateCount } = making.head;
    for (const [key, event] of state) {
      const known = this.#versions.get(key);
      if (event === null ? known === undefined : known === versionOf(event)) continue;
      changed.set(key, event);
      if (event === null) making.remove.push(key);
      else making.put.set(key, encodeEvents([event]));
      stateCount += event === null ? -1 : known === undefined ? 1 : 0;
    }
    making.head = { ...making.head, stateCount };
    return changed;
  }

  #putPending({ edits, isPendingStale, purged }: JournalBatch, making: StepInMaking): void {
    const { pending } = making.head;
    if (isPendingStale || purged.size > 0 || pending.length >= MAX_RECORDS) {
      const all = this.#options.pending();
      making.remove.push(...pending);
      making.head = { ...making.head, pending: [] };
      if (all.objects.size > 0) making.addPending(all);
    } else if (edits.length > 0) making.addPending(joinAll(edits));
  }

  async #putPast(batch: JournalBatch, making: StepInMaking): Promise<void> {
    const { past, remains, folded: said, purged, retracted } = batch;
    const records = making.head.past.length + making.head.remains.length;
    const isFolding =
      said.length + purged.size + retracted.size > 0 ||
      (past.length + remains.length > 0 && records >= MAX_RECORDS);
    if (!isFolding) {
      if (past.length > 0) making.addPast(past);
      making.addRemains(remains);
      return;
    }
    const { store, decode, now } = this.#options;
    const { head } = making;
    const [before] = await readListed(store, head.floor === null ? [] : [head.floor]);
    const events = (await readListed(store, head.past)).flatMap(([key, record]) => eventsOf(key, record));
    const left = (await readListed(store, head.remains)).flatMap(([key, record]) => remainsOf(key, record));
    const folded = foldPast({
      floor: joinAll([...(before === undefined ? [] : [patchOfRecord(...before)]), ...said]),
      past: [...events, ...past],
      remains: [...left, ...remains],
      purged,
      retracted,
      nowMs: now(),
      decode,
    });
    making.remove.push(...head.past, ...head.remains, ...(head.floor === null ? [] : [head.floor]));
    making.head = { ...head, past: [], remains: [], floor: null };
    if (folded.floor.objects.size > 0) making.setFloor(folded.floor);
    if (folded.past.length > 0) making.addPast(folded.past);
    making.addRemains(folded.remains);
  }

  #note(key: string, event: RoomEvent | null): void {
    if (event === null) this.#versions.delete(key);
    else this.#versions.set(key, versionOf(event));
  }
}

/** Collects what one transaction changes. */
class StepInMaking {
  readonly put = new Map<string, Uint8Array>();
  readonly remove: string[] = [];
  head: JournalHead;

  constructor(head: JournalHead) {
    this.head = head;
  }

  addPending(patch: Patch): void {
    const key = this.#add('pending', encodePatch(patch));
    this.head = { ...this.head, pending: [...this.head.pending, key] };
  }

  addPast(events: readonly RoomEvent[]): void {
    const key = this.#add('past', encodeEvents(events));
    this.head = { ...this.head, past: [...this.head.past, key] };
  }

  addRemains(remains: readonly SourcedPatch[]): void {
    const keys = encodeRemains(remains).map((record) => this.#add('remains', record));
    this.head = { ...this.head, remains: [...this.head.remains, ...keys] };
  }

  setFloor(patch: Patch): void {
    this.head = { ...this.head, floor: this.#add('floor', encodePatch(patch)) };
  }

  #add(kind: string, record: Uint8Array): string {
    const key = `${kind}/${this.head.next}`;
    this.put.set(key, record);
    this.head = { ...this.head, next: this.head.next + 1 };
    return key;
  }
}

/** The record that holds the file of a blob. */
export function blobRecordKey(sha256: string): string {
  return `blob/${sha256}`;
}

function putBlobs({ blobs, blobsInUse }: JournalBatch, making: StepInMaking): void {
  const held = new Set([...making.head.blobs, ...blobs.keys()]);
  for (const [sha256, file] of blobs) making.put.set(blobRecordKey(sha256), file);
  for (const sha256 of held) {
    if (blobsInUse === null || blobsInUse.has(sha256) || blobs.has(sha256)) continue;
    held.delete(sha256);
    making.remove.push(blobRecordKey(sha256));
  }
  making.head = { ...making.head, blobs: [...held] };
}

export function recordKeyOf({ type, stateKey }: RoomEvent): string {
  return stateRecordKey(type, stateKey ?? '');
}

// A redaction leaves an event its id.
function versionOf({ id, redactedAtMs }: RoomEvent): string {
  return `${id}\0${redactedAtMs}`;
}

function latestOf(known: Time | null, edits: readonly Patch[]): Time | null {
  let latest = known;
  for (const edit of edits) {
    const time = latestTime(edit);
    if (time !== null && (latest === null || time > latest)) latest = time;
  }
  return latest;
}
