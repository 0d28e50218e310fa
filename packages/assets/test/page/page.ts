import { type AssetCache, BoundedCache, type CacheMedium } from '@weft/assets';
import { CacheApiMedium } from '../../src/cache/cache-api-medium.ts';
import { IndexedDbMedium } from '../../src/cache/indexeddb-medium.ts';
import { webHash } from '../../src/hash/web-hash.ts';
import { drawerOf } from '../../src/publish/thumbnail/browser.ts';
import { THUMBNAIL_SIDE } from '../../src/publish/thumbnail/limits.ts';
import { openWorkshop } from '../../src/workshop/browser.ts';

const MODEL = { use: 'model', type: 'model/gltf-binary', label: 'binary glTF model' } as const;

/** What a test asks of the page; bytes cross as base64. */
const CACHE = 'weft-assets-test';
const DATABASE = 'weft-assets-test';
const opened: AssetCache[] = [];
let nowMs = 0;

function mediumOf(kind: string): Promise<CacheMedium> {
  return kind === 'cache'
    ? caches.open(CACHE).then((cache) => new CacheApiMedium(cache))
    : IndexedDbMedium.open(DATABASE);
}

const calls: Readonly<Record<string, (...args: string[]) => Promise<unknown>>> = {
  async open(kind = '', maxBytes = '', maxFiles = '', hash = '') {
    return (
      opened.push(
        new BoundedCache(await mediumOf(kind), {
          ...{ maxBytes: Number(maxBytes), maxFiles: Number(maxFiles), now: () => nowMs },
          startHash: webHash(hash === 'native' ? crypto.subtle : undefined),
        }),
      ) - 1
    );
  },
  async setNow(ms) {
    nowMs = Number(ms);
  },
  async read(handle, sha256 = '') {
    const found = (await opened[Number(handle)]?.read(sha256)) ?? null;
    return found === null ? null : toBase64(found);
  },
  async keep(handle, sha256 = '', bytes = '') {
    await opened[Number(handle)]?.keep(sha256, fromBase64(bytes));
  },
  async getRaw(kind = '', sha256 = '') {
    const found = await (await mediumOf(kind)).get(sha256);
    return found === null ? null : toBase64(found);
  },
  async putRaw(kind = '', sha256 = '', bytes = '') {
    await (await mediumOf(kind)).put(sha256, fromBase64(bytes), 0);
  },
  async draw(glb = '') {
    const drawn = await drawerOf(openWorkshop())(fromBase64(glb), MODEL, {
      ...{ side: THUMBNAIL_SIDE, signal: new AbortController().signal },
    });
    return drawn !== null && 'bytes' in drawn ? toBase64(drawn.bytes) : (drawn?.why ?? null);
  },
  async clear(kind = '') {
    const medium = await mediumOf(kind);
    for (const { sha256 } of await medium.list()) await medium.remove(sha256);
  },
};

// In pieces: a call takes only so many arguments.
function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 10_000)
    binary += String.fromCharCode(...bytes.subarray(at, at + 10_000));
  return btoa(binary);
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

Object.assign(globalThis, {
  call: (name: string, args: readonly string[]) => calls[name]?.(...args),
});
