export { type CacheBounds, type CacheHarness, cacheContract } from './cache-contract.ts';
