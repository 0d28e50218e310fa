import { StoreError, type StorePlace, type WorldStore } from '@weft/store';
import { defaultPlace, devicePlace } from '@weft/store/device';
import { MemoryPlace } from '@weft/store/memory';

/**
 * Where this device keeps a world, so that it opens without a network and edits survive the end of the program:
 * `indexeddb` (the default in browsers), a directory (Node; the default there is none), `memory` (as long as this program
 * runs), an own store or place, or `none`.
 */
export type KeepOption = 'indexeddb' | 'memory' | 'none' | (string & {}) | WorldStore | StorePlace;

const memory = new MemoryPlace();

/** @throws StoreError `unavailable` for a directory in a browser, or IndexedDB elsewhere */
export async function placeOf(option: KeepOption | undefined): Promise<StorePlace | null> {
  if (option === undefined) return defaultPlace();
  if (option === 'none') return null;
  if (option === 'memory') return memory;
  if (typeof option === 'string') return devicePlace(option);
  return 'open' in option ? option : new OneStorePlace(option);
}

/** The place of a store that the caller opened: it holds one world. */
class OneStorePlace implements StorePlace {
  readonly #store: WorldStore;

  constructor(store: WorldStore) {
    this.#store = store;
  }

  async open(): Promise<WorldStore> {
    return this.#store;
  }

  async setAside(name: string): Promise<string> {
    throw new StoreError('unavailable', {
      what: `put aside ${name}`,
      expected: 'a place with room for two stores',
      got: 'a store that was opened by the program',
      hint: 'Open another store, and look into this one.',
    });
  }

  async recall(): Promise<string | null> {
    return null;
  }

  async remember(): Promise<void> {}
}
