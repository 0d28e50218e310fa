import { StoreError } from '../store-error.ts';
import type { StorePlace } from '../world-store.ts';

/** Where worlds are kept unless somebody says: nowhere. A program says which directory is its own. */
export function defaultPlace(): StorePlace | null {
  return null;
}

/** @param where a directory, which is made where it is not there @throws StoreError `unavailable` for `indexeddb` */
export async function devicePlace(where: string): Promise<StorePlace> {
  if (where === 'indexeddb') {
    throw new StoreError('unavailable', {
      what: 'keep worlds in IndexedDB',
      expected: 'a browser',
      got: 'a program of Node',
      hint: 'Name a directory instead.',
    });
  }
  // Not before it is needed: loading SQLite takes a moment.
  const { DirectoryPlace } = await import('../sqlite/directory-place.ts');
  return new DirectoryPlace(where);
}
