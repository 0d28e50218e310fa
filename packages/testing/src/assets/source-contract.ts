import { AssetError, type AssetScheme, type AssetSources, fetchAddress, readAddress } from '@weft/assets';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

export interface SourceHarness {
  readonly scheme: AssetScheme;
  /** The source in question, under its scheme. */
  readonly sources: AssetSources;
  /** Puts a file where the source finds it. @returns its address */
  put(bytes: Uint8Array, type: string): Promise<string>;
  /** An address in good form at which there is nothing; `null` where every address holds its file. */
  readonly missing: string | null;
  /** What the source says of it; default `missing`. */
  readonly missingCode?: string;
  /** An address that is never answered to the end; `null` where there is none such. */
  readonly stuck: string | null;
  stop(): Promise<void>;
}

const KIB = 1024;

function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8)) & 0xff);
}

/** The promises that every `AssetSource` keeps. */
export function sourceContract(title: string, start: () => Promise<SourceHarness>): void {
  describe(title, () => {
    let harness: SourceHarness;
    const live = new AbortController().signal;
    const fetchFrom = (address: string, options: Partial<Parameters<typeof fetchAddress>[2]> = {}) =>
      fetchAddress(harness.sources, address, { maxBytes: 1024 * KIB, signal: live, ...options });

    beforeAll(async () => {
      harness = await start();
    });

    afterAll(() => harness.stop());

    it.each([1, 1_000, 300 * KIB])('gives a file of %i bytes, whole', async (length) => {
      const bytes = pattern(length);
      const address = await harness.put(bytes, 'model/gltf-binary');
      expect(readAddress(address)?.scheme).toBe(harness.scheme);
      expect((await fetchFrom(address)).bytes).toEqual(bytes);
    });

    it('tells the pieces of the file as they come, in order, each once, or none', async () => {
      const bytes = pattern(300 * KIB);
      const address = await harness.put(bytes, 'model/gltf-binary');
      const told: Uint8Array[] = [];
      const totals = new Set<number | null>();
      await fetchFrom(address, {
        onChunk(chunk, total) {
          told.push(chunk);
          totals.add(total);
        },
      });
      if (told.length > 0) expect(Buffer.concat(told).equals(bytes)).toBe(true);
      for (const total of totals) expect([null, bytes.length]).toContain(total);
    });

    it('gives a file that is just as large as it may be, and refuses it by one byte less', async () => {
      const bytes = pattern(10 * KIB);
      const address = await harness.put(bytes, 'model/gltf-binary');
      expect((await fetchFrom(address, { maxBytes: bytes.length })).bytes).toEqual(bytes);
      // An address that holds its file is refused before it is looked into.
      const code = harness.scheme === 'data' ? 'unreadable' : 'too-large';
      expect(await codeOf(fetchFrom(address, { maxBytes: bytes.length - 1 }))).toBe(code);
    });

    it('gives several at once', async () => {
      const files = [pattern(10), pattern(1_000), pattern(50 * KIB)];
      const addresses = await Promise.all(files.map((bytes) => harness.put(bytes, 'model/gltf-binary')));
      const given = await Promise.all(addresses.map((address) => fetchFrom(address)));
      expect(given.map(({ bytes }) => bytes)).toEqual(files);
    });

    it('says what is not there', async () => {
      if (harness.missing === null) return;
      expect(await codeOf(fetchFrom(harness.missing))).toBe(harness.missingCode ?? 'missing');
    });

    it('gives up at once where it was cancelled before', async () => {
      const address = await harness.put(pattern(10), 'model/gltf-binary');
      expect(await codeOf(fetchFrom(address, { signal: AbortSignal.abort() }))).toBe('aborted');
    });

    it('gives up where it is cancelled on the way', async () => {
      if (harness.stuck === null) return;
      const cancelled = new AbortController();
      const fetching = codeOf(fetchFrom(harness.stuck, { signal: cancelled.signal }));
      setImmediate(() => cancelled.abort());
      expect(await fetching).toBe('aborted');
    });
  });
}

async function codeOf(fetching: Promise<unknown>): Promise<string> {
  const error: unknown = await fetching.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AssetError)) throw new Error(`expected an AssetError, got ${String(error)}`);
  expect(error.message).toMatch(/^Cannot .+: expected .+, got .+\. \S.*\.$/s);
  return error.code;
}
