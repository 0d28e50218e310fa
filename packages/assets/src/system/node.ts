import type { AssetCache } from '../cache/asset-cache.ts';
import { boundedCache, type CacheOption, noSuchPlace } from '../cache/cache-option.ts';
import { DirectoryMedium } from '../cache/directory-medium.ts';
import { MemoryMedium } from '../cache/memory-medium.ts';
import type { StartFileHash } from '../hash/file-hash.ts';
import { startNodeHash } from '../hash/node-hash.ts';

export const startFileHash: StartFileHash = startNodeHash;

/** @throws WeftError `invalid-value` for a place that Node has not */
export async function openAssetCache(option: CacheOption = 'memory'): Promise<AssetCache | null> {
  if (typeof option !== 'string') return option;
  if (option === 'none') return null;
  if (option === 'device') throw noSuchPlace(option, 'a directory, memory or none');
  return boundedCache(option === 'memory' ? new MemoryMedium() : new DirectoryMedium(option), startFileHash);
}
