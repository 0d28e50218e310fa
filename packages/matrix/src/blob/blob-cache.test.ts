import { type BlobPointer, encodeBlob, isSha256Hex } from '@weft/core';
import { expect, it } from 'vitest';
import { namesOf, pointerTo } from '../../test/room-events.ts';
import { BlobCache, MAX_CACHED_BLOB_BYTES, MAX_CACHED_BLOBS } from './blob-cache.ts';

const found = { patch: namesOf({}), problems: [] };
const base = pointerTo(encodeBlob(namesOf({})), 'mxc://a.org/b');

function numbered(at: number, bytes: number): BlobPointer {
  const [sha256 = expect.fail()] = [at.toString(16).padStart(64, '0')].filter(isSha256Hex);
  return { ...base, sha256, bytes };
}

it.each([
  ['number', MAX_CACHED_BLOBS, 1],
  ['bytes', 4, MAX_CACHED_BLOB_BYTES / 4],
])(
  '[A17] what was read is kept up to a bound in %s; what was not asked for the longest goes first',
  (_of, count, bytes) => {
    const cache = new BlobCache();
    const all = Array.from({ length: count + 1 }, (_, at) => numbered(at, bytes));
    const [first = expect.fail(), second = expect.fail()] = all;
    for (const pointer of all.slice(0, count)) cache.put(pointer, found);
    for (const pointer of all.slice(0, count)) expect(cache.get(pointer)).toBe(found);
    cache.get(first);
    cache.put(all[count] ?? first, found);
    expect(cache.get(first)).toBe(found);
    expect(cache.get(second)).toBeUndefined();
    cache.put(first, found);
    expect(cache.get(first)).toBe(found);
  },
);
