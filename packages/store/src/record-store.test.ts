import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MAX_RECORD_BYTES } from './limits.ts';
import { MemoryMedium } from './memory/memory-medium.ts';
import { RecordStore } from './record-store.ts';
import { StoreError } from './store-error.ts';

const open = () => new RecordStore(new MemoryMedium(new Map(), () => undefined), () => createHash('sha256'));

describe('a store of records', () => {
  it('[I7] takes a record of 65 MiB, and not one byte more', async () => {
    const store = open();
    const largest = new Uint8Array(MAX_RECORD_BYTES);
    await store.write({ put: new Map([['large', largest]]) });
    expect((await store.read('large'))?.length).toBe(MAX_RECORD_BYTES);
    const beyond = new Map([
      ['small', new Uint8Array(1)],
      ['large', new Uint8Array(MAX_RECORD_BYTES + 1)],
    ]);
    await expect(store.write({ put: beyond })).rejects.toMatchObject({ code: 'too-large', key: 'large' });
    expect(await store.keys('')).toEqual(['large']);
  });

  it('[I2] goes on after a write that failed, in order', async () => {
    const records = new Map<string, Uint8Array>();
    let failing = true;
    const medium = new MemoryMedium(records, () => undefined);
    const store = new RecordStore({
      outlivesProcess: false,
      get: (key) => medium.get(key),
      getAll: (prefix) => medium.getAll(prefix),
      keys: (prefix) => medium.keys(prefix),
      apply: (change) => (failing ? Promise.reject(new Error('EIO')) : medium.apply(change)),
      close: () => medium.close(),
    });
    const first = store.write({ put: new Map([['a', Uint8Array.of(1)]]) });
    await expect(first).rejects.toMatchObject({ code: 'failed' });
    await expect(first).rejects.toBeInstanceOf(StoreError);
    failing = false;
    await store.write({ put: new Map([['b', Uint8Array.of(2)]]) });
    expect(await store.keys('')).toEqual(['b']);
  });
});
