import { StoreError, storeErrorOf, type WorldStore } from '@weft/store';
import { decodeRecord, encodeRecord, type JournalKind, type JournalRecord } from './journal-record.ts';
import type { JournalCut, KeptRecord, LaneJournal, LoadedJournal } from './lane-journal.ts';

const PREFIX = 'lane/';
const NUMBER_DIGITS = 15;
/** What a record costs beside its key and its body: its other fields, its name and its seal. */
const RECORD_OVERHEAD_BYTES = 160;

/** What is known of a record without reading it. */
interface Place {
  readonly kind: JournalKind;
  readonly key: string;
  readonly bytes: number;
}

/** What one commit changes. */
interface Change {
  readonly put: Map<number, JournalRecord>;
  readonly remove: Set<number>;
  erase: boolean;
}

/** A lane's journal in a device store: a sealed record for each of its own. */
export class StoreJournal implements LaneJournal {
  readonly #store: WorldStore;
  /** All records by number, in order. */
  readonly #places = new Map<number, Place>();
  #last = 0;
  #bytes = 0;
  #waitingBytes = 0;
  #change: Change = noChange();
  #underWay: Promise<void> | null = null;
  #next: Promise<void> | null = null;
  #closing: Promise<void> | null = null;

  constructor(store: WorldStore) {
    this.#store = store;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  async load(): Promise<LoadedJournal> {
    const records: KeptRecord[] = [];
    let dropped = 0;
    for (const [name, bytes] of await readEach(this.#store)) {
      const number = numberOf(name);
      const record = bytes === null ? null : decodeRecord(bytes);
      this.#last = Math.max(this.#last, number);
      if (bytes === null || record === null) {
        dropped += 1;
        this.#change.remove.add(number);
        continue;
      }
      this.#place(number, record);
      records.push({ ...record, number });
    }
    return { records, dropped };
  }

  append(record: JournalRecord): number {
    this.#last += 1;
    this.#change.put.set(this.#last, record);
    this.#waitingBytes += costOf(record);
    this.#place(this.#last, record);
    return this.#last;
  }

  cut({ kind, key, through, erase = false }: JournalCut): void {
    this.#change.erase ||= erase;
    for (const [number, place] of this.#places) {
      if (number > through) break;
      if (place.kind !== kind || (key !== undefined && place.key !== key)) continue;
      this.#places.delete(number);
      this.#bytes -= place.bytes;
      if (this.#change.put.delete(number)) this.#waitingBytes -= place.bytes;
      else this.#change.remove.add(number);
    }
  }

  commit(): Promise<void> {
    if (this.#closing === null) return this.#commit();
    return Promise.reject(
      new StoreError('closed', { what: 'commit', expected: 'an open journal', got: 'one that was closed' }),
    );
  }

  close(): Promise<void> {
    this.#closing ??= this.#commit()
      .catch(() => undefined)
      .then(() => this.#store.close());
    return this.#closing;
  }

  #commit(): Promise<void> {
    if (this.#underWay === null) return this.#begin();
    this.#next ??= this.#underWay
      .catch(() => undefined)
      .then(() => {
        this.#next = null;
        return this.#begin();
      });
    return this.#next;
  }

  #begin(): Promise<void> {
    this.#underWay = this.#write().finally(() => {
      this.#underWay = null;
    });
    return this.#underWay;
  }

  async #write(): Promise<void> {
    const { put, remove, erase } = this.#change;
    if (put.size === 0 && remove.size === 0) return;
    this.#change = noChange();
    try {
      await this.#store.write({
        put: new Map(Array.from(put, ([number, record]) => [nameOf(number), encodeRecord(record)] as const)),
        remove: Array.from(remove, nameOf),
        erase,
      });
    } catch (error) {
      this.#putBack({ put, remove, erase });
      throw storeErrorOf('commit the journal', error);
    }
    for (const record of put.values()) this.#waitingBytes -= costOf(record);
  }

  /** What was not written waits again, before what came meanwhile. */
  #putBack({ put, remove, erase }: Change): void {
    const later = this.#change;
    for (const number of later.remove) {
      const record = put.get(number);
      if (record === undefined) continue;
      put.delete(number);
      later.remove.delete(number);
      this.#waitingBytes -= costOf(record);
    }
    this.#change = {
      put: new Map([...put, ...later.put]),
      remove: remove.union(later.remove),
      erase: erase || later.erase,
    };
  }

  #place(number: number, record: JournalRecord): void {
    const { kind, key } = record;
    this.#places.set(number, { kind, key, bytes: costOf(record) });
    this.#bytes += costOf(record);
  }
}

function noChange(): Change {
  return { put: new Map(), remove: new Set(), erase: false };
}

function costOf({ key, body }: JournalRecord): number {
  return key.length + body.length + RECORD_OVERHEAD_BYTES;
}

function nameOf(number: number): string {
  return PREFIX + String(number).padStart(NUMBER_DIGITS, '0');
}

function numberOf(name: string): number {
  return Number(name.slice(PREFIX.length));
}

/** Every record in order, `null` for one that is not what was written. */
async function readEach(store: WorldStore): Promise<readonly (readonly [string, Uint8Array | null])[]> {
  try {
    return [...(await store.readAll(PREFIX))];
  } catch (error) {
    if (!isCorrupt(error)) throw error;
  }
  const found: (readonly [string, Uint8Array | null])[] = [];
  for (const name of await store.keys(PREFIX)) found.push([name, await readOrNull(store, name)]);
  return found;
}

async function readOrNull(store: WorldStore, name: string): Promise<Uint8Array | null> {
  try {
    return await store.read(name);
  } catch (error) {
    if (isCorrupt(error)) return null;
    throw error;
  }
}

function isCorrupt(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'corrupt';
}
