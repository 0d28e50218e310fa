import { type DBSchema, deleteDB, openDB } from 'idb';
import { RecordStore } from '../record-store.ts';
import { busyStore, StoreError } from '../store-error.ts';
import type { StorePlace, WorldStore } from '../world-store.ts';
import { holdLock, type Release } from './hold-lock.ts';
import { indexedDbError } from './indexeddb-error.ts';
import { IndexedDbMedium } from './indexeddb-medium.ts';

interface NoteSchema extends DBSchema {
  readonly notes: { readonly key: string; readonly value: string };
}

const PREFIX = 'weft/';
const NOTES = 'weft-notes';
const NOTES_FORMAT = 1;

/** The storage of this browser for this site: one IndexedDB database a world. */
export class BrowserPlace implements StorePlace {
  async open(name: string): Promise<WorldStore> {
    return new RecordStore(await openMedium(name));
  }

  async setAside(name: string): Promise<string> {
    const what = `set aside the store ${name}`;
    const medium = await openMedium(name);
    try {
      const aside = await freeName(name);
      const copy = await openMedium(aside);
      await copy.apply({ put: new Map(await medium.getAll('')), remove: [], erase: false });
      await copy.close();
      // Only now that the copy is whole; deleting waits until the database is closed.
      const deleted = deleteDB(PREFIX + name);
      await medium.close();
      await deleted;
      return PREFIX + aside;
    } catch (error) {
      await medium.close();
      throw indexedDbError(what, error);
    }
  }

  async recall(note: string): Promise<string | null> {
    try {
      return await withNotes(async (notes) => (await notes.get('notes', note)) ?? null);
    } catch {
      return null;
    }
  }

  async remember(note: string, text: string): Promise<void> {
    try {
      await withNotes((notes) => notes.put('notes', text, note));
    } catch (error) {
      throw indexedDbError(`remember ${note}`, error);
    }
  }
}

async function openMedium(name: string): Promise<IndexedDbMedium> {
  if (typeof indexedDB === 'undefined') {
    throw new StoreError('unavailable', {
      what: `open the store ${name}`,
      expected: 'a browser with IndexedDB',
      got: 'none',
    });
  }
  const release = await lockOf(name);
  try {
    return await IndexedDbMedium.open(PREFIX + name, release);
  } catch (error) {
    release();
    throw error;
  }
}

async function lockOf(name: string): Promise<Release> {
  let release: Release | null;
  try {
    release = await holdLock(PREFIX + name);
  } catch (error) {
    throw indexedDbError(`open the store ${name}`, error);
  }
  if (release === null) throw busyStore(name);
  return release;
}

async function freeName(name: string): Promise<string> {
  const taken = new Set((await indexedDB.databases()).map((database) => database.name));
  let at = 1;
  while (taken.has(`${PREFIX}${name}.aside-${at}`)) at += 1;
  return `${name}.aside-${at}`;
}

async function withNotes<T>(use: (notes: Awaited<ReturnType<typeof openNotes>>) => Promise<T>): Promise<T> {
  const notes = await openNotes();
  try {
    return await use(notes);
  } finally {
    notes.close();
  }
}

function openNotes() {
  return openDB<NoteSchema>(NOTES, NOTES_FORMAT, { upgrade: (made) => void made.createObjectStore('notes') });
}
