import type { AssetCache } from '../cache/asset-cache.ts';
import { boundedCache, type CacheOption, noSuchPlace } from '../cache/cache-option.ts';
import { DirectoryMedium } from '../cache/directory-medium.ts';
import { MemoryMedium } from '../cache/memory-medium.ts';
import type { StartFileHash } from '../hash/file-hash.ts';
import { startNodeHash } from '../hash/node-hash.ts';
import type { HttpGet } from '../http/http-get.ts';
import { nodeGet } from '../http/node-get.ts';

export const startFileHash: StartFileHash = startNodeHash;

/**
 * Requests that reach the public internet, and what is allowed besides.
 *
 * @param allowed private ranges such as `10.1.0.0/16`, and host names
 * @throws WeftError `invalid-value` for what is neither
 */
export function systemGet(allowed: readonly string[] = []): HttpGet {
  return nodeGet({ allowed });
}

/** @throws WeftError `invalid-value` for a place that Node has not */
export async function openAssetCache(option: CacheOption = 'memory'): Promise<AssetCache | null> {
  if (typeof option !== 'string') return option;
  if (option === 'none') return null;
  if (option === 'device') throw noSuchPlace(option, 'a directory, memory or none');
  return boundedCache(option === 'memory' ? new MemoryMedium() : new DirectoryMedium(option), startFileHash);
}
