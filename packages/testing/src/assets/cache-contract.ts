import { createHash } from 'node:crypto';
import type { AssetCache } from '@weft/assets';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

export interface CacheBounds {
  readonly maxBytes: number;
  readonly maxFiles: number;
}

/** What the suite needs besides the port: more than one program on one device, its clock, and ways to spoil what is kept. */
export interface CacheHarness {
  /** One more program with a cache on the same device, which is empty at first. */
  open(bounds: CacheBounds): Promise<AssetCache>;
  /** Sets the clock of all of them. */
  setNow(ms: number): void;
  /** Changes the raw bytes that are kept under this hash. */
  rewrite(sha256: string, change: (raw: Uint8Array) => Uint8Array): Promise<void>;
  /** A cache on a device where nothing works; `null` where there is none such. */
  readonly broken: AssetCache | null;
  /** Takes everything off the device. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}

const ROOMY: CacheBounds = { maxBytes: 1_000_000, maxFiles: 1_000 };

/** A file of so many bytes, all of them `fill`, with its hash. */
function file(fill: number, length: number): { readonly sha256: string; readonly bytes: Uint8Array } {
  const bytes = new Uint8Array(length).fill(fill);
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** The promises that every `AssetCache` keeps: in memory, on disk, in a browser. */
export function cacheContract(title: string, start: () => Promise<CacheHarness>): void {
  describe(title, () => {
    let harness: CacheHarness;
    let nowMs = Date.UTC(2026, 0, 1);
    const later = (): void => {
      nowMs += 61_000;
      harness.setNow(nowMs);
    };
    /** Keeps each, a while after the one before. */
    const keepAll = async (cache: AssetCache, files: readonly ReturnType<typeof file>[]): Promise<void> => {
      for (const { sha256, bytes } of files) {
        later();
        await cache.keep(sha256, bytes);
      }
    };
    const kept = async (cache: AssetCache, files: readonly ReturnType<typeof file>[]): Promise<boolean[]> =>
      Promise.all(files.map(async ({ sha256 }) => (await cache.read(sha256)) !== null));

    beforeAll(async () => {
      harness = await start();
    });

    afterAll(() => harness.stop());

    it('gives back what was kept, whole and under its hash only', async () => {
      const cache = await harness.open(ROOMY);
      const [one, empty, other] = [file(1, 70_000), file(0, 0), file(2, 5)];
      await keepAll(cache, [one, empty]);
      expect(await cache.read(one.sha256)).toEqual(one.bytes);
      expect(await cache.read(empty.sha256)).toEqual(empty.bytes);
      expect(await cache.read(other.sha256)).toBeNull();
      await harness.clear();
    });

    it('keeps just the bytes of a view', async () => {
      const cache = await harness.open(ROOMY);
      const { bytes, sha256 } = file(3, 10);
      const around = new Uint8Array(1_000);
      around.set(bytes, 500);
      await cache.keep(sha256, around.subarray(500, 510));
      expect(await cache.read(sha256)).toEqual(bytes);
      await harness.clear();
    });

    it.each<readonly [string, (raw: Uint8Array) => Uint8Array]>([
      ['a byte that was turned', (raw) => raw.map((byte, at) => (at === 7 ? byte ^ 1 : byte))],
      ['a lost end', (raw) => raw.slice(0, -1)],
      ['a longer end', (raw) => Uint8Array.from([...raw, 0])],
      ['nothing at all', () => new Uint8Array()],
      ['another file', () => file(9, 100).bytes],
    ])('takes a file with %s for none, and the right one in its place', async (_how, change) => {
      const cache = await harness.open(ROOMY);
      const { sha256, bytes } = file(4, 100);
      await cache.keep(sha256, bytes);
      await harness.rewrite(sha256, change);
      const next = await harness.open(ROOMY);
      expect(await next.read(sha256)).toBeNull();
      await next.keep(sha256, bytes);
      expect(await next.read(sha256)).toEqual(bytes);
      await harness.clear();
    });

    it('holds as many bytes as its bound says and none more; what was not used the longest goes', async () => {
      const cache = await harness.open({ ...ROOMY, maxBytes: 300 });
      const files = [file(1, 100), file(2, 100), file(3, 100)];
      const [first, second] = files;
      await keepAll(cache, files);
      expect(await kept(cache, files)).toEqual([true, true, true]);
      later();
      await cache.read(first?.sha256 ?? '');
      await keepAll(cache, [file(4, 1)]);
      expect(await kept(cache, [...files, file(4, 1)])).toEqual([true, false, true, true]);
      expect(await cache.read(second?.sha256 ?? '')).toBeNull();
      await harness.clear();
    });

    it('holds as many files as its bound says and none more', async () => {
      const cache = await harness.open({ ...ROOMY, maxFiles: 2 });
      const files = [file(1, 1), file(2, 1), file(3, 1)];
      await keepAll(cache, files.slice(0, 2));
      expect(await kept(cache, files)).toEqual([true, true, false]);
      await keepAll(cache, files.slice(2));
      expect(await kept(cache, files)).toEqual([false, true, true]);
      await harness.clear();
    });

    it('makes no room for what is larger than all of it', async () => {
      const cache = await harness.open({ ...ROOMY, maxBytes: 100 });
      const [small, exact, large] = [file(1, 50), file(2, 100), file(3, 101)];
      await keepAll(cache, [small, large]);
      expect(await kept(cache, [small, large])).toEqual([true, false]);
      await keepAll(cache, [exact]);
      expect(await kept(cache, [small, exact])).toEqual([false, true]);
      await harness.clear();
    });

    it('counts a file once, however often it is kept', async () => {
      const cache = await harness.open({ ...ROOMY, maxBytes: 200 });
      const [one, two] = [file(1, 100), file(2, 100)];
      await keepAll(cache, [one, two, one, one]);
      expect(await kept(cache, [one, two])).toEqual([true, true]);
      await harness.clear();
    });

    it('shares what is there with other programs, and their use counts', async () => {
      const bounds = { ...ROOMY, maxBytes: 300 };
      const [mine, theirs] = [await harness.open(bounds), await harness.open(bounds)];
      const files = [file(1, 100), file(2, 100), file(3, 100), file(4, 100)];
      const [one, two, three, four] = files;
      await keepAll(
        mine,
        [one, two].flatMap((each) => each ?? []),
      );
      await keepAll(theirs, three === undefined ? [] : [three]);
      later();
      expect(await theirs.read(one?.sha256 ?? '')).toEqual(one?.bytes);
      await theirs.keep(three?.sha256 ?? '', three?.bytes ?? new Uint8Array());
      await keepAll(mine, four === undefined ? [] : [four]);
      expect(await kept(mine, files)).toEqual([true, false, true, true]);
      await harness.clear();
    });

    it('holds the bound with many kept at once', async () => {
      const cache = await harness.open({ ...ROOMY, maxBytes: 500 });
      const files = Array.from({ length: 20 }, (_, at) => file(at, 100));
      await Promise.all(files.map(({ sha256, bytes }) => cache.keep(sha256, bytes)));
      expect((await kept(cache, files)).filter(Boolean)).toHaveLength(5);
      await harness.clear();
    });

    it('is without a file, and says nothing, where the device does not work', async () => {
      const { sha256, bytes } = file(1, 100);
      await harness.broken?.keep(sha256, bytes);
      expect((await harness.broken?.read(sha256)) ?? null).toBeNull();
    });
  });
}
