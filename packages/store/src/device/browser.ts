import { BrowserPlace } from '../indexeddb/browser-place.ts';
import { StoreError } from '../store-error.ts';
import type { StorePlace } from '../world-store.ts';

/** Where worlds are kept unless somebody says: in this browser, for this site. */
export function defaultPlace(): StorePlace | null {
  return new BrowserPlace();
}

/** @param where `indexeddb` @throws StoreError `unavailable` for a directory */
export async function devicePlace(where: string): Promise<StorePlace> {
  if (where === 'indexeddb') return new BrowserPlace();
  throw new StoreError('unavailable', {
    what: `keep worlds in ${where}`,
    expected: 'a program of Node',
    got: 'a browser, which has no directories',
    hint: "Use 'indexeddb' instead.",
  });
}
