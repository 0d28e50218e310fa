import { createHash } from 'node:crypto';
import { FakeTimers, settle } from '@weft/testing';
import { describe, expect, test } from 'vitest';
import { AssetError } from '../asset-error.ts';
import { BoundedCache } from '../cache/bounded-cache.ts';
import { MemoryMedium } from '../cache/memory-medium.ts';
import { startNodeHash } from '../hash/node-hash.ts';
import type { AssetRef } from '../reference/asset-ref.ts';
import type { FetchedFile, FetchFileOptions } from '../source/asset-source.ts';
import { AssetLoader } from './asset-loader.ts';
import {
  FIRST_BACKOFF_MS,
  LOAD_DEADLINES,
  MAX_ALTERNATIVES,
  MAX_ASSET_BYTES,
  MAX_BACKOFF_MS,
  MAX_REMEMBERED_FAILURES,
  MAX_SERVER_FAILURES,
  MIN_STEADY_BYTES,
} from './limits.ts';

const FILE = new TextEncoder().encode('glTF of a chair');
const OTHER = new TextEncoder().encode('glTF of a table');
const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const CHAIR = { sha256: sha256Of(FILE), bytes: FILE.length };
const [A, B, C] = ['https://a.org/x', 'https://b.org/x', 'https://c.org/x'] as const;

type Answer = (options: FetchFileOptions) => Promise<Uint8Array>;

const gives =
  (bytes: Uint8Array): Answer =>
  async ({ onChunk }) => {
    onChunk?.(bytes, bytes.length);
    return bytes;
  };
const fails =
  (code: 'missing' | 'denied' | 'unreachable'): Answer =>
  async () => {
    throw new AssetError(code, { what: 'fetch it', expected: 'it', got: `nothing: ${code}`, hint: 'Wait.' });
  };
/** Never answers, and does not care for signals. */
const stuck: Answer = () => new Promise(() => undefined);

function loader(answers: Record<string, Answer>, options: { cache?: boolean } = {}) {
  const timers = new FakeTimers();
  const asked: string[] = [];
  const cache = new BoundedCache(new MemoryMedium(), {
    ...{ maxBytes: 10_000_000, maxFiles: 100 },
    ...{ now: timers.now, startHash: startNodeHash },
  });
  const made = new AssetLoader({
    sources: {
      https: {
        scheme: 'https',
        async fetch({ text }, fetching): Promise<FetchedFile> {
          asked.push(text);
          const answer = answers[text] ?? fails('missing');
          return { bytes: await answer(fetching), type: 'model/x' };
        },
      },
    },
    cache: options.cache === false ? null : cache,
    timers,
    startHash: startNodeHash,
  });
  return { load: made.load.bind(made), timers, asked, cache, answers };
}

async function errorOf(loading: Promise<unknown>): Promise<AssetError> {
  const error: unknown = await loading.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof AssetError) return error;
  throw new Error(`expected an AssetError, got ${String(error)}`);
}

describe('sources', () => {
  test('[AS7] are tried in order until one gives the very file; what another gave reaches nobody', async () => {
    const { load, asked } = loader({ [A]: fails('missing'), [B]: gives(OTHER), [C]: gives(FILE) });
    const found = await load({ src: A, alt: [B, C, A], ...CHAIR });
    expect(found).toEqual({ bytes: FILE, type: 'model/x', sha256: CHAIR.sha256, from: C });
    expect(asked).toEqual([A, B, C]);
  });

  test('[AS7] are held to the hash in either case, and to the size', async () => {
    const { load } = loader({ [A]: gives(FILE) }, { cache: false });
    expect((await load({ src: A, sha256: CHAIR.sha256.toUpperCase() })).bytes).toEqual(FILE);
    expect((await errorOf(load({ src: A, sha256: sha256Of(OTHER) }))).code).toBe('wrong-hash');
    for (const bytes of [FILE.length - 1, FILE.length + 1]) {
      expect(
        (await errorOf(load({ src: A, bytes, alt: [], sha256: CHAIR.sha256 }, { retry: true }))).code,
      ).toBe('wrong-size');
    }
  });

  test('[AS7] that tell no pieces are verified all the same', async () => {
    const { load } = loader({ [A]: async () => FILE });
    expect((await load({ src: A, ...CHAIR })).sha256).toBe(CHAIR.sha256);
  });

  test('[AS7] are named with what each did, where none gives the file', async () => {
    const { load } = loader({ [A]: fails('denied'), [B]: gives(OTHER) });
    const error = await errorOf(load({ src: A, alt: [B, 'file:///etc/passwd'], sha256: CHAIR.sha256 }));
    expect(error.code).toBe('unavailable');
    expect(error.attempts.map(({ source, error: { code } }) => [source, code])).toEqual([
      [A, 'denied'],
      [B, 'wrong-hash'],
      ['file:///etc/passwd', 'unsupported-source'],
    ]);
    expect(error.message).toMatch(
      /^Cannot load the file: expected one of its 3 addresses to give it, got https:\/\/a\.org\/x gave nothing: denied; https:\/\/b\.org\/x gave another file, .*; file:.*\. Try again later/,
    );
  });

  test('[AS7] past the bound are not asked', async () => {
    const alt = Array.from({ length: MAX_ALTERNATIVES + 1 }, (_, at) => `https://${at}.org/x`);
    const { load, asked } = loader({});
    await errorOf(load({ src: A, alt }));
    expect(asked).toEqual([A, ...alt.slice(0, MAX_ALTERNATIVES)]);
  });

  test.each<[string, Partial<AssetRef>]>([
    ['a hash that is none', { sha256: 'abc' }],
    ['half a byte', { bytes: 0.5 }],
    ['a negative size', { bytes: -1 }],
  ])('are not asked for %s', async (_what, wrong) => {
    const { load, asked } = loader({ [A]: gives(FILE) });
    expect((await errorOf(load({ src: A, ...wrong }))).code).toBe('bad-reference');
    expect(asked).toEqual([]);
  });
});

describe('bounds', () => {
  test('[AS8] the smallest of kind, caller and reference is what a source may give', async () => {
    const seen: number[] = [];
    const notes: Answer = async ({ maxBytes }) => {
      seen.push(maxBytes);
      return FILE;
    };
    const { load } = loader({ [A]: notes, [B]: notes, [C]: notes }, { cache: false });
    await load({ src: A });
    await load({ src: A }, { kind: 'picture' });
    await load({ src: A }, { maxBytes: 100 });
    await load({ src: A }, { maxBytes: 2 ** 40 });
    await load({ src: A, bytes: FILE.length }, { maxBytes: 100 });
    expect(seen).toEqual([
      MAX_ASSET_BYTES.model,
      MAX_ASSET_BYTES.picture,
      100,
      MAX_ASSET_BYTES.model,
      FILE.length,
    ]);
  });

  test('[AS8] a reference that claims one byte too many asks nobody', async () => {
    const { load, asked } = loader({ [A]: gives(FILE) });
    expect((await errorOf(load({ src: A, bytes: 101 }, { maxBytes: 100 }))).code).toBe('too-large');
    expect((await errorOf(load({ src: A, bytes: 100 }, { maxBytes: 100 }))).code).toBe('wrong-size');
    expect(asked).toEqual([A]);
  });
});

describe('deadlines', () => {
  test('[AS9] a source that says nothing is passed over when it stalls', async () => {
    const { load, timers } = loader({ [A]: stuck, [B]: gives(FILE) });
    const loading = load({ src: A, alt: [B], ...CHAIR });
    await timers.advance(LOAD_DEADLINES.stallMs);
    expect((await loading).from).toBe(B);
    expect(timers.pending).toBe(0);
  });

  /** So many bytes each second, for ever. */
  function dripping(timers: FakeTimers, bytesPerSecond: number): Answer {
    return ({ onChunk, signal }) => {
      const drip = (): void => {
        onChunk?.(new Uint8Array(bytesPerSecond), null);
        if (!signal.aborted) timers.after(1_000, drip);
      };
      timers.after(1_000, drip);
      return new Promise(() => undefined);
    };
  }

  test('[AS9] a source that drips is passed over, and one that is slow but steady is not, until its time is over', async () => {
    const setup = loader({});
    const { load, timers, answers } = setup;
    const steady = Math.ceil(MIN_STEADY_BYTES / (LOAD_DEADLINES.stallMs / 1_000 - 1));
    answers[A] = dripping(timers, Math.floor(MIN_STEADY_BYTES / (LOAD_DEADLINES.stallMs / 1_000 + 1)));
    answers[B] = dripping(timers, steady);
    const dripped = errorOf(load({ src: A }));
    const slow = errorOf(load({ src: B }));
    let isOver = false;
    void slow.then(() => {
      isOver = true;
    });
    await timers.advance(LOAD_DEADLINES.stallMs);
    expect((await dripped).code).toBe('timed-out');
    await timers.advance(LOAD_DEADLINES.sourceMs - LOAD_DEADLINES.stallMs - 1);
    expect(isOver).toBe(false);
    await timers.advance(1);
    expect((await slow).code).toBe('timed-out');
    await timers.advance(2_000);
    expect(timers.pending).toBe(0);
  });

  test('[AS9] all sources together have a bound', async () => {
    const setup = loader({});
    const { load, timers, answers, asked } = setup;
    const all = [A, B, C];
    for (const address of all) answers[address] = dripping(timers, MIN_STEADY_BYTES);
    const loading = errorOf(load({ src: A, alt: [B, C] }));
    await timers.advance(LOAD_DEADLINES.totalMs);
    expect((await loading).attempts.map(({ error }) => error.code)).toEqual(all.map(() => 'timed-out'));
    expect(asked).toEqual(all);
  });

  test('[AS9] one that is cancelled ends at once, whatever its source does, and asks nobody else', async () => {
    const { load, timers, asked } = loader({ [A]: stuck, [B]: gives(FILE) });
    const cancelled = new AbortController();
    const loading = errorOf(load({ src: A, alt: [B] }, { signal: cancelled.signal }));
    await settle();
    cancelled.abort();
    expect((await loading).code).toBe('aborted');
    await settle();
    expect([timers.pending, asked]).toEqual([0, [A]]);
    expect((await errorOf(load({ src: B }, { signal: AbortSignal.abort() }))).code).toBe('aborted');
    expect(asked).toEqual([A]);
  });
});

describe('those who want the same', () => {
  test('[AS10] share one fetch by its hash, or by its addresses, and are all told how far it is', async () => {
    const half = Promise.withResolvers<void>();
    const { load, asked } = loader({
      [A]: async ({ onChunk }) => {
        onChunk?.(FILE.subarray(0, 5), FILE.length);
        await half.promise;
        onChunk?.(FILE.subarray(5), FILE.length);
        return FILE;
      },
    });
    const progress: number[][] = [[], []];
    const loads = [
      ...progress.map((heard) =>
        load({ src: A, ...CHAIR }, { onProgress: (received) => heard.push(received) }),
      ),
      load({ src: B, ...CHAIR }),
    ];
    await settle();
    half.resolve();
    const [first, second, third] = await Promise.all(loads);
    expect(second?.bytes).toBe(first?.bytes);
    expect(third?.from).toBe(A);
    expect(progress).toEqual([
      [5, FILE.length],
      [5, FILE.length],
    ]);
    await Promise.all([load({ src: A }), load({ src: A })]);
    expect(asked).toEqual([A, A]);
  });

  test('[AS10] go on when one leaves, and stop with the last', async () => {
    const signals: AbortSignal[] = [];
    const { load, asked } = loader({
      [A]: ({ signal }) => {
        signals.push(signal);
        return new Promise(() => undefined);
      },
    });
    const [first, second] = [new AbortController(), new AbortController()];
    const loads = [first, second].map(({ signal }) => errorOf(load({ src: A }, { signal })));
    await settle();
    first.abort();
    await settle();
    expect(signals.map((signal) => signal.aborted)).toEqual([false]);
    second.abort();
    expect((await Promise.all(loads)).map(({ code }) => code)).toEqual(['aborted', 'aborted']);
    await settle();
    expect(signals.map((signal) => signal.aborted)).toEqual([true]);
    void load({ src: A }).catch(() => undefined);
    await settle();
    expect(asked).toEqual([A, A]);
  });

  test('[AS10] with another bound fetch for themselves', async () => {
    const { load, asked } = loader({ [A]: gives(FILE) }, { cache: false });
    await Promise.all([load({ src: A }, { maxBytes: 100 }), load({ src: A }, { maxBytes: 200 })]);
    expect(asked).toEqual([A, A]);
  });
});

describe('what is kept', () => {
  test('[AS11] is asked for first, and then no source is', async () => {
    const { load, asked } = loader({ [A]: gives(FILE) });
    await load({ src: A, ...CHAIR });
    const again = await load({ src: B, type: 'model/gltf-binary', ...CHAIR });
    expect(again).toEqual({ bytes: FILE, type: 'model/gltf-binary', sha256: CHAIR.sha256, from: 'cache' });
    expect(asked).toEqual([A]);
  });

  test('[AS11] is kept under what it hashes to, never under what a reference only says', async () => {
    const { load, cache, asked } = loader({ [A]: gives(FILE), [B]: gives(OTHER) });
    await load({ src: A });
    await errorOf(load({ src: B, sha256: sha256Of(new Uint8Array()) }));
    await settle();
    expect(await cache.read(CHAIR.sha256)).toEqual(FILE);
    expect(await cache.read(sha256Of(new Uint8Array()))).toBeNull();
    expect(await cache.read(sha256Of(OTHER))).toBeNull();
    expect((await load({ src: C, ...CHAIR })).from).toBe('cache');
    expect(asked).toEqual([A, B]);
  });

  test('[AS11] is there before the program ends, where that waits for it', async () => {
    const written = Promise.withResolvers<void>();
    const made = new AssetLoader({
      sources: {
        https: { scheme: 'https', fetch: async () => ({ bytes: FILE, type: null }) },
      },
      cache: { read: async () => null, keep: () => written.promise },
      ...{ timers: new FakeTimers(), startHash: startNodeHash },
    });
    await made.kept();
    await made.load({ src: A });
    let isKept = false;
    const kept = made.kept().then(() => {
      isKept = true;
    });
    await settle();
    expect(isKept).toBe(false);
    written.resolve();
    await kept;
    await made.kept();
  });

  test('[AS11] is held to the bound and the size of whoever asks', async () => {
    const { load, asked } = loader({ [A]: gives(FILE) });
    await load({ src: A, ...CHAIR });
    await errorOf(load({ src: B, sha256: CHAIR.sha256 }, { maxBytes: FILE.length - 1 }));
    await errorOf(load({ src: C, sha256: CHAIR.sha256, bytes: 3 }));
    expect(asked).toEqual([A, B, C]);
  });
});

describe('what failed', () => {
  test('[AS12] is left alone, twice as long each time up to a bound, and then asked again', async () => {
    const { load, timers, asked } = loader({ [A]: fails('missing') });
    let waitMs = FIRST_BACKOFF_MS;
    for (let times = 1; times <= 9; times += 1) {
      await errorOf(load({ src: A }));
      expect(asked).toHaveLength(times);
      const error = await errorOf(load({ src: A }));
      expect([error.code, asked.length]).toEqual(['missing', times]);
      expect(error.message).toContain(`asked again in ${waitMs / 1_000} s`);
      await timers.advance(waitMs - 1);
      await errorOf(load({ src: A }));
      expect(asked).toHaveLength(times);
      await timers.advance(1);
      waitMs = Math.min(waitMs * 2, MAX_BACKOFF_MS);
    }
  });

  test('[AS12] is asked at once where a person wants it, and forgotten when it succeeds', async () => {
    const { load, answers, asked } = loader({ [A]: fails('unreachable') }, { cache: false });
    await errorOf(load({ src: A }));
    answers[A] = gives(FILE);
    await load({ src: A }, { retry: true });
    answers[A] = fails('unreachable');
    await load({ src: A }).catch(() => undefined);
    expect(asked).toEqual([A, A, A]);
  });

  test('[AS12] takes nothing from other files of its server, until that has failed several times in a row', async () => {
    const { load, asked, timers } = loader({});
    const file = (at: number): string => `https://a.org/${at}`;
    const setup = loader(
      Object.fromEntries(Array.from({ length: 10 }, (_, at) => [file(at), fails('unreachable')])),
    );
    for (let at = 0; at < MAX_SERVER_FAILURES; at += 1) await errorOf(setup.load({ src: file(at) }));
    expect(setup.asked).toHaveLength(MAX_SERVER_FAILURES);
    const error = await errorOf(setup.load({ src: file(9), alt: [B] }));
    expect(error.attempts[0]?.error.message).toContain(`${MAX_SERVER_FAILURES} times in a row`);
    expect(setup.asked.slice(MAX_SERVER_FAILURES)).toEqual([B]);
    // A server that answers is there, whatever it says.
    const mixed = loader(
      Object.fromEntries(
        Array.from({ length: 10 }, (_, at) => [file(at), fails(at % 3 === 2 ? 'denied' : 'unreachable')]),
      ),
    );
    for (let at = 0; at < 10; at += 1) await errorOf(mixed.load({ src: file(at) }));
    expect(mixed.asked).toHaveLength(10);
    // A file that is missing says nothing of its server.
    for (let at = 0; at < 10; at += 1) await errorOf(load({ src: file(at) }));
    expect([asked.length, timers.pending]).toEqual([10, 0]);
  });

  test('[AS12] is remembered of so many addresses, the newest', async () => {
    const { load, asked } = loader({});
    const file = (at: number): string => `https://a.org/${at}`;
    for (let at = 0; at <= MAX_REMEMBERED_FAILURES; at += 1) await errorOf(load({ src: file(at) }));
    const before = asked.length;
    await errorOf(load({ src: file(1) }));
    expect(asked).toHaveLength(before);
    await errorOf(load({ src: file(0) }));
    expect(asked).toHaveLength(before + 1);
  });

  test('says whether trying again can help', async () => {
    const { load } = loader({ [A]: fails('unreachable'), [B]: fails('denied') });
    expect((await errorOf(load({ src: A, alt: [B] }))).retry).toBe(true);
    expect((await errorOf(load({ src: B }))).retry).toBe(false);
  });
});
