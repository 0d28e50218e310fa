import type { RecordMedium } from '../record-medium.ts';
import { RecordStore } from '../record-store.ts';
import { busyStore } from '../store-error.ts';
import type { StorePlace, WorldStore } from '../world-store.ts';
import { MemoryMedium } from './memory-medium.ts';

/** Keeps worlds as long as this object is held, and no longer than the process. */
export class MemoryPlace implements StorePlace {
  readonly #stores = new Map<string, Map<string, Uint8Array>>();
  readonly #open = new Set<string>();
  readonly #notes = new Map<string, string>();
  #aside = 0;

  /** The names under which something is kept, those set aside included. */
  get names(): readonly string[] {
    return [...this.#stores.keys()];
  }

  async open(name: string): Promise<WorldStore> {
    if (this.#open.has(name)) throw busyStore(name);
    this.#open.add(name);
    return new RecordStore(this.makeMedium(this.records(name), () => this.#open.delete(name)));
  }

  async setAside(name: string): Promise<string> {
    if (this.#open.has(name)) throw busyStore(name);
    this.#aside += 1;
    const aside = `${name}.aside-${this.#aside}`;
    this.#stores.set(aside, this.records(name));
    this.#stores.delete(name);
    return aside;
  }

  async recall(note: string): Promise<string | null> {
    return this.#notes.get(note) ?? null;
  }

  async remember(note: string, text: string): Promise<void> {
    this.#notes.set(note, text);
  }

  /** The records of a store as they lie there, sealed. */
  records(name: string): Map<string, Uint8Array> {
    const known = this.#stores.get(name);
    if (known !== undefined) return known;
    const made = new Map<string, Uint8Array>();
    this.#stores.set(name, made);
    return made;
  }

  protected makeMedium(records: Map<string, Uint8Array>, closed: () => void): RecordMedium {
    return new MemoryMedium(records, closed);
  }

  /** Whoever has a store open has it no more. */
  protected letAllGo(): void {
    this.#open.clear();
  }
}
