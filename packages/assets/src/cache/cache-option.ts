import { WeftError } from '@weft/core';
import type { StartFileHash } from '../hash/file-hash.ts';
import type { AssetCache } from './asset-cache.ts';
import { BoundedCache } from './bounded-cache.ts';
import type { CacheMedium } from './cache-medium.ts';
import { MAX_ASSET_MEMORY_BYTES, MAX_KEPT_ASSET_BYTES, MAX_KEPT_ASSETS } from './limits.ts';
import { MemoryMedium } from './memory-medium.ts';

/**
 * Where files are kept once they were loaded: `device` (a browser's storage, the default there), a directory (Node), `memory`
 * as long as this program runs (the default in Node), an own cache, or `none`.
 */
export type CacheOption = 'device' | 'memory' | 'none' | (string & {}) | AssetCache;

/** What is kept on a device, at most 1 GiB; what is kept in memory, at most 128 MiB; 4,096 files each. */
export function boundedCache(medium: CacheMedium, startHash: StartFileHash): AssetCache {
  const maxBytes = medium instanceof MemoryMedium ? MAX_ASSET_MEMORY_BYTES : MAX_KEPT_ASSET_BYTES;
  return new BoundedCache(medium, { maxBytes, maxFiles: MAX_KEPT_ASSETS, now: () => Date.now(), startHash });
}

export function noSuchPlace(option: string, expected: string): WeftError {
  return new WeftError('invalid-value', {
    what: 'choose where assets are kept',
    expected,
    got: JSON.stringify(option),
    hint: 'Give one of these, or leave the option out.',
  });
}
