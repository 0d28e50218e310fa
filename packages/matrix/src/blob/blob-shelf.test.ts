import { createHash } from 'node:crypto';
import { type BlobPointer, encodeBlob, isBlobSource, isSha256Hex, parseObjectId } from '@weft/core';
import { HomeserverError, type MxcUri } from '@weft/matrix';
import { FakeTimers } from '@weft/testing';
import { describe, expect, it } from 'vitest';
import { namesOf, pointerTo } from '../../test/room-events.ts';
import {
  BLOB_DEADLINE_MS,
  BlobShelf,
  MAX_BLOBS_IN_FLIGHT,
  MAX_WANTED_BLOB_BYTES,
  MAX_WANTED_BLOBS,
  type UnreadCarrier,
} from './blob-shelf.ts';
import type { FetchBlob } from './fetch-blob.ts';

const MXC = 'mxc://a.org/b';
const OTHER_MXC = 'mxc://b.org/c';
const HTTPS = 'https://a.org/b.weft';
const IPFS = 'ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi';
const CARRIER = 'world.weft.layer/x';
const LAMP = parseObjectId('lamp');
const blob = encodeBlob(namesOf({ lamp: ['Lamp', 1] }));
const pointer = pointerTo(blob, MXC);

type Download = (uri: MxcUri, signal?: AbortSignal) => Promise<Uint8Array>;

function shelf(download: Download, fetchBlob: FetchBlob | null = null) {
  const timers = new FakeTimers();
  const arrived: BlobPointer[] = [];
  const failed: UnreadCarrier[] = [];
  const changes: number[] = [];
  const asked: { readonly uri: string; readonly atMs: number }[] = [];
  const made = new BlobShelf({
    homeserver: {
      async download(uri, { signal, maxBytes }) {
        asked.push({ uri, atMs: timers.now() });
        const bytes = await download(uri, signal);
        if (bytes.length > maxBytes)
          throw new HomeserverError('too-large', { what: 'download', got: `${bytes.length} bytes` });
        return { bytes, type: null };
      },
    },
    fetchBlob,
    timers,
    fraction: () => 0,
    arrived: (read) => arrived.push(read),
    failed: (unread) => failed.push(unread),
    changed: () => changes.push(made.unread.length),
  });
  return { made, timers, arrived, failed, asked, changes };
}

function refusal(code: 'not-found' | 'unreachable'): HomeserverError {
  return new HomeserverError(code, { what: 'download', got: code === 'not-found' ? '404' : 'no answer' });
}

/** A pointer to just these bytes. */
function pointerAt(file: Uint8Array, objects = 5): BlobPointer {
  const [sha256 = expect.fail()] = [createHash('sha256').update(file).digest('hex')].filter(isSha256Hex);
  return pointerTo({ sha256, bytes: file.length, objects }, MXC);
}

/** The head of a file that declares this many objects. */
function declaring(objects: number): Uint8Array {
  const varint: number[] = [];
  for (let rest = objects; ; rest = Math.floor(rest / 128)) {
    varint.push((rest % 128) + (rest > 127 ? 128 : 0));
    if (rest <= 127) break;
  }
  const head = [...varint, 0, 0, 0, 0, 0, 0, 0];
  const body = Uint8Array.from([1, head.length, ...head]);
  const file = new Uint8Array(44 + body.length);
  file.set(new TextEncoder().encode('WEFT'));
  file[4] = 1;
  new DataView(file.buffer).setUint32(8, body.length, true);
  file.set(createHash('sha256').update(body).digest(), 12);
  file.set(body, 44);
  return file;
}

describe('a blob that a carrier points to', () => {
  it('[A17] is fetched once, verified, read and kept', async () => {
    const { made, timers, arrived, asked, changes } = shelf(async () => blob.file);
    made.want([
      { carrier: CARRIER, pointer },
      { carrier: 'world.weft.bundle/y', pointer },
    ]);
    expect(made.unread.map(({ carrier, reason }) => [carrier, reason])).toEqual([
      [CARRIER, null],
      ['world.weft.bundle/y', null],
    ]);
    await timers.advance(100);
    expect([arrived, asked.length, made.unread]).toEqual([[pointer], 1, []]);
    expect(changes).toEqual([2, 0]);
    expect([...(made.lookUp(pointer)?.patch.objects.keys() ?? [])]).toEqual([LAMP]);
    expect(made.lookUp({ ...pointer, bytes: pointer.bytes + 1 })).toBeUndefined();
    expect(made.lookUp({ ...pointer, objects: 0 })).toBeUndefined();
    expect(timers.pending).toBe(0);
  });

  const long = new Uint8Array([...blob.file, 0]);
  const flipped = blob.file.map((byte, at) => (at === 50 ? byte ^ 1 : byte));
  it.each([
    ['another hash', async () => flipped, pointer, /sha256/],
    ['too few bytes', async () => blob.file.subarray(0, 20), pointer, /blob of \d+ bytes/],
    ['too many bytes', async () => long, pointer, /bytes/],
    ['nothing there', () => Promise.reject(refusal('not-found')), pointer, /404/],
    ['nobody there', () => Promise.reject(refusal('unreachable')), pointer, /no answer/],
    ['no end', () => new Promise<Uint8Array>(() => {}), pointer, /too long/],
    ['a thrown text', () => Promise.reject('odd'), pointer, /odd/],
  ] as const)(
    '[A18] with %s is reported by name, tried again, and read when it is right',
    async (_what, bad, named, message) => {
      let isWell = false;
      const { made, timers, arrived, failed } = shelf(() => (isWell ? Promise.resolve(blob.file) : bad()));
      made.want([{ carrier: CARRIER, pointer: named }]);
      await timers.advance(BLOB_DEADLINE_MS + 100);
      expect(failed[0]).toMatchObject({ carrier: CARRIER, reason: expect.stringMatching(message) });
      expect(made.unread).toMatchObject([{ carrier: CARRIER, reason: expect.stringMatching(message) }]);
      expect(arrived).toEqual([]);
      isWell = true;
      await timers.advance(BLOB_DEADLINE_MS + 10 * 60_000);
      expect([arrived, made.unread]).toEqual([[named], []]);
    },
  );

  it.each([
    ['is no file', new TextEncoder().encode('<html></html>'), /Weft file/],
    ['declares 10^8 objects', declaring(1e8), /objects/],
    ['declares more objects than its pointer', declaring(6), /5 objects/],
    ['is cut short inside', blob.file.subarray(0, blob.file.length - 1), /bytes/],
  ] as const)(
    '[A18] that is what was named and %s is given up, and not fetched again',
    async (_what, file, message) => {
      const { made, timers, failed, asked } = shelf(async () => file);
      made.want([{ carrier: CARRIER, pointer: pointerAt(file) }]);
      await timers.advance(60 * 60_000);
      expect(failed).toMatchObject([{ reason: expect.stringMatching(message), nextTryMs: null }]);
      expect(asked).toHaveLength(1);
      expect(made.unread).toMatchObject([{ nextTryMs: null }]);
    },
  );

  it('[A17] is taken from the first source that has it', async () => {
    const { made, timers, arrived, asked } = shelf((uri) =>
      uri === MXC ? Promise.reject(refusal('not-found')) : Promise.resolve(blob.file),
    );
    made.want([{ carrier: CARRIER, pointer: pointerTo(blob, IPFS, MXC, OTHER_MXC) }]);
    await timers.advance(100);
    expect([arrived.length, asked.map(({ uri }) => uri)]).toEqual([1, [MXC, OTHER_MXC]]);
  });

  it('[A17] outside of Matrix needs a reader, and says so where there is none', async () => {
    const away = pointerTo(blob, IPFS, HTTPS);
    const without = shelf(async () => blob.file);
    without.made.want([{ carrier: CARRIER, pointer: away }]);
    await without.timers.advance(100);
    expect(without.failed[0]?.reason).toContain('no reader for ipfs:');
    expect(without.failed[0]?.reason).toContain('no reader for https:');
    const sources: string[] = [];
    const reader: FetchBlob = async (source, { maxBytes }) => {
      sources.push(source);
      expect(maxBytes).toBe(blob.bytes);
      return blob.file;
    };
    const having = shelf(async () => expect.fail(), reader);
    having.made.want([{ carrier: CARRIER, pointer: away }]);
    await having.timers.advance(100);
    expect([having.arrived.length, sources]).toEqual([1, [IPFS]]);
  });

  it('[A18] that is away is tried again with growing pauses, up to five minutes, and told of once', async () => {
    const { made, timers, failed, asked } = shelf(() => Promise.reject(refusal('unreachable')));
    made.want([{ carrier: CARRIER, pointer }]);
    await timers.advance(60 * 60_000);
    const pauses = asked.slice(1).map(({ atMs }, at) => atMs - (asked[at]?.atMs ?? 0));
    expect(pauses.slice(0, 4)).toEqual([2000, 4000, 8000, 16_000]);
    expect(Math.max(...pauses)).toBe(5 * 60_000);
    expect(failed).toHaveLength(1);
    made.stop();
    expect(timers.pending).toBe(0);
  });

  it('is not fetched any more when no carrier points to it', async () => {
    const aborted: boolean[] = [];
    const { made, timers, arrived } = shelf(
      (_uri, signal) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => {
            aborted.push(true);
            reject(new Error('aborted'));
          });
        }),
    );
    made.want([{ carrier: CARRIER, pointer }]);
    await timers.advance(10);
    made.want([]);
    await timers.advance(10);
    expect([aborted, arrived, made.unread, timers.pending]).toEqual([[true], [], [], 0]);
  });

  it('that this client made is not fetched', async () => {
    const { made } = shelf(async () => expect.fail());
    made.put(pointer, { patch: namesOf({ lamp: ['Lamp', 1] }), problems: [] });
    expect(made.lookUp(pointer)?.patch.objects.size).toBe(1);
  });
});

describe('many blobs', () => {
  const many = (count: number, bytes = 1000) =>
    Array.from({ length: count }, (_, at) => ({
      carrier: `world.weft.bundle/${at}`,
      pointer: { ...pointer, bytes, sources: [`mxc://a.org/${at}`].filter(isBlobSource) },
    }));

  it('[A17] are fetched two at a time', async () => {
    let open = 0;
    let most = 0;
    const { made, timers, asked } = shelf(async () => {
      open += 1;
      most = Math.max(most, open);
      await new Promise<void>((resolve) => void timers.after(5, resolve));
      open -= 1;
      throw refusal('not-found');
    });
    made.want(many(10));
    await timers.advance(1000);
    expect([asked.length, most]).toEqual([10, MAX_BLOBS_IN_FLIGHT]);
  });

  it('[A17] are bounded in number and in bytes, at the bound and one past it', () => {
    const tooMany = (count: number, bytes: number) => {
      const { made, failed } = shelf(() => new Promise(() => {}));
      made.want(many(count, bytes));
      made.want(many(count, bytes));
      expect(made.unread).toHaveLength(count);
      return failed.length;
    };
    expect(tooMany(MAX_WANTED_BLOBS, 1)).toBe(0);
    expect(tooMany(MAX_WANTED_BLOBS + 1, 1)).toBe(1);
    expect(tooMany(4, MAX_WANTED_BLOB_BYTES / 4)).toBe(0);
    expect(tooMany(5, MAX_WANTED_BLOB_BYTES / 4)).toBe(1);
  });
});
