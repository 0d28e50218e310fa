import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BoundedCache, type CacheMedium, MemoryMedium } from '@weft/assets';
import { type CacheHarness, cacheContract } from '@weft/testing/assets';
import { DirectoryMedium } from '../src/cache/directory-medium.ts';
import { startNodeHash } from '../src/hash/node-hash.ts';
import { webHash } from '../src/hash/web-hash.ts';

cacheContract('[AS2] files in memory', async () => {
  const medium = new MemoryMedium();
  const failing: CacheMedium = {
    get: () => Promise.reject(new Error('no')),
    put: () => Promise.reject(new Error('no')),
    touch: () => Promise.reject(new Error('no')),
    remove: () => Promise.reject(new Error('no')),
    list: () => Promise.reject(new Error('no')),
  };
  return {
    ...overMedium(() => medium),
    broken: cacheOver(failing, () => 0),
    async rewrite(sha256, change) {
      await medium.put(sha256, change((await medium.get(sha256)) ?? new Uint8Array()), 0);
    },
    async clear() {
      for (const { sha256 } of await medium.list()) await medium.remove(sha256);
    },
    stop: async () => undefined,
  };
});

cacheContract('[AS2] files in a directory', async () => {
  const top = await mkdtemp(join(tmpdir(), 'weft-assets-'));
  const directory = join(top, 'made', 'when-needed');
  await writeFile(join(top, 'file'), 'no directory');
  return {
    ...overMedium(() => new DirectoryMedium(directory)),
    broken: cacheOver(new DirectoryMedium(join(top, 'file', 'below')), () => 0),
    async rewrite(sha256, change) {
      const path = join(directory, sha256);
      await writeFile(path, change(await readFile(path)));
    },
    clear: () => rm(directory, { recursive: true }),
    stop: () => rm(top, { recursive: true }),
  };
});

function overMedium(open: () => CacheMedium): Pick<CacheHarness, 'open' | 'setNow'> {
  let nowMs = 0;
  return {
    open: async (bounds) =>
      new BoundedCache(open(), { ...bounds, now: () => nowMs, startHash: webHash(crypto.subtle) }),
    setNow(ms) {
      nowMs = ms;
    },
  };
}

function cacheOver(medium: CacheMedium, now: () => number) {
  return new BoundedCache(medium, { maxBytes: 1_000, maxFiles: 10, now, startHash: startNodeHash });
}
