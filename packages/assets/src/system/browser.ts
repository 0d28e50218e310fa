import type { AssetCache } from '../cache/asset-cache.ts';
import { CacheApiMedium } from '../cache/cache-api-medium.ts';
import type { CacheMedium } from '../cache/cache-medium.ts';
import { boundedCache, type CacheOption, noSuchPlace } from '../cache/cache-option.ts';
import { IndexedDbMedium } from '../cache/indexeddb-medium.ts';
import { MemoryMedium } from '../cache/memory-medium.ts';
import type { StartFileHash } from '../hash/file-hash.ts';
import { webHash } from '../hash/web-hash.ts';
import type { HttpGet } from '../http/http-get.ts';
import { webGet } from '../http/web-get.ts';

const CACHE_NAME = 'weft-assets';

export const startFileHash: StartFileHash = webHash(crypto.subtle);

/**
 * Requests of this page, which the browser keeps to what pages may ask.
 *
 * @param allowed private ranges such as `10.1.0.0/16`, and host names, that this page may ask for files
 * @throws WeftError `invalid-value` for what is neither
 */
export function systemGet(allowed: readonly string[] = []): HttpGet {
  return webGet(allowed);
}

/** @throws WeftError `invalid-value` for a place that a browser has not */
export async function openAssetCache(option: CacheOption = 'device'): Promise<AssetCache | null> {
  if (typeof option !== 'string') return option;
  if (option === 'none') return null;
  if (option !== 'device' && option !== 'memory') throw noSuchPlace(option, 'device, memory or none');
  return boundedCache(option === 'memory' ? new MemoryMedium() : await deviceMedium(), startFileHash);
}

/** The best that this page may use: a private window or a page without an origin keeps nothing past itself. */
async function deviceMedium(): Promise<CacheMedium> {
  try {
    return new CacheApiMedium(await caches.open(CACHE_NAME));
  } catch {
    // Not there on pages of plain http.
  }
  try {
    return await IndexedDbMedium.open();
  } catch {
    return new MemoryMedium();
  }
}
