import type { Timers } from '@weft/core';
import { AssetError, type FailedAttempt, shownAddress } from '../asset-error.ts';
import type { AssetCache } from '../cache/asset-cache.ts';
import type { StartFileHash } from '../hash/file-hash.ts';
import type { AssetRef } from '../reference/asset-ref.ts';
import { type AssetSources, fetchAddress } from '../source/fetch-address.ts';
import { sourceError, sourceErrorOf } from '../source/source-error.ts';
import { Failures } from './failures.ts';
import { Flight } from './flight.ts';
import { LOAD_DEADLINES, type LoadDeadlines } from './limits.ts';
import type { AssetLoading, LoadedAsset, LoadOptions } from './loaded-asset.ts';
import { type Wanted, wantedOf } from './wanted.ts';
import { watch } from './watch.ts';

export interface AssetLoaderOptions {
  readonly sources: AssetSources;
  /** `null` where nothing is kept. */
  readonly cache: AssetCache | null;
  readonly timers: Timers;
  readonly startHash: StartFileHash;
  readonly deadlines?: Partial<LoadDeadlines>;
}

interface Verified {
  readonly bytes: Uint8Array;
  readonly type: string | null;
  readonly sha256: string;
}

/**
 * Loads files by their references: what this device has, else from the first source that gives the very file that was meant.
 * Whoever loads the same at the same time shares one fetch. What failed is left alone for a while.
 */
export class AssetLoader implements AssetLoading {
  readonly #options: AssetLoaderOptions;
  readonly #deadlines: LoadDeadlines;
  readonly #failures: Failures;
  readonly #flights = new Map<string, Flight>();
  /** Files on their way to the cache; none of these rejects. */
  readonly #keeping = new Set<Promise<void>>();

  constructor(options: AssetLoaderOptions) {
    this.#options = options;
    this.#deadlines = { ...LOAD_DEADLINES, ...options.deadlines };
    this.#failures = new Failures(() => options.timers.now());
  }

  /**
   * The file, verified where the reference has a hash. A source that gives another file, or none in time, is passed over.
   *
   * Cost: where this device has it, one reading and a hash; else the download, with the hash on the way.
   *
   * @throws AssetError `bad-reference`, `too-large`, `aborted`; what the one source said; `unavailable` with what each of several said
   */
  async load(ref: AssetRef, options: LoadOptions = {}): Promise<LoadedAsset> {
    const cancelled = (): AssetError => sourceError('aborted', ref.src, 'it was cancelled');
    if (options.signal?.aborted === true) throw cancelled();
    const wanted = wantedOf(ref, options);
    const loaded = await this.#flightOf(wanted, options.retry ?? false).join(options, cancelled);
    return ref.type === undefined ? loaded : { ...loaded, type: ref.type };
  }

  /** Resolves when the cache has what was loaded until now, or has failed to keep it: call it before the program ends. */
  async kept(): Promise<void> {
    await Promise.all(this.#keeping);
  }

  #keep({ sha256, bytes }: Verified): void {
    const keeping = this.#options.cache?.keep(sha256, bytes);
    if (keeping === undefined) return;
    const done = keeping.finally(() => this.#keeping.delete(done));
    this.#keeping.add(done);
  }

  #flightOf(wanted: Wanted, retry: boolean): Flight {
    const { key } = wanted;
    const found = this.#flights.get(key);
    if (found !== undefined) return found;
    const flight = new Flight(
      (signal, onProgress) => this.#find(wanted, { retry, signal, onProgress }),
      () => {
        if (this.#flights.get(key) === flight) this.#flights.delete(key);
      },
    );
    this.#flights.set(key, flight);
    return flight;
  }

  async #find(wanted: Wanted, options: Trying): Promise<LoadedAsset> {
    const kept = await this.#kept(wanted);
    return kept ?? (await this.#fetch(wanted, options));
  }

  async #kept({ sha256, bytes: size, maxBytes }: Wanted): Promise<LoadedAsset | null> {
    const bytes = sha256 === null ? null : ((await this.#options.cache?.read(sha256)) ?? null);
    if (sha256 === null || bytes === null) return null;
    if (bytes.length > maxBytes || (size !== null && bytes.length !== size)) return null;
    return { bytes, type: null, sha256, from: 'cache' };
  }

  async #fetch(wanted: Wanted, options: Trying): Promise<LoadedAsset> {
    const { timers } = this.#options;
    const endMs = timers.now() + this.#deadlines.totalMs;
    const attempts: FailedAttempt[] = [];
    for (const address of wanted.addresses) {
      try {
        const file = await this.#try(address, wanted, options, endMs);
        // Not waited for: the file is there, and a device that is slow to keep it holds up nobody.
        this.#keep(file);
        return { ...file, from: address };
      } catch (error) {
        const failure = failureOf(address, wanted, options.signal, error);
        if (options.signal.aborted) throw failure;
        attempts.push({ source: shownAddress(address), error: failure });
      }
    }
    throw whyNot(wanted, attempts);
  }

  async #try(
    address: string,
    wanted: Wanted,
    { retry, signal, onProgress }: Trying,
    endMs: number,
  ): Promise<Verified> {
    const { timers, sources, startHash } = this.#options;
    const refusal = retry ? null : this.#failures.refusal(address);
    if (refusal !== null) throw refusal;
    const maxBytes = wanted.bytes ?? wanted.maxBytes;
    const hash = startHash();
    let received = 0;
    try {
      const file = await watch(
        address,
        (watched) =>
          fetchAddress(sources, address, {
            maxBytes,
            signal: watched.signal,
            onChunk(chunk, totalBytes) {
              received += chunk.length;
              watched.received(chunk.length);
              hash.update(chunk);
              onProgress(received, totalBytes ?? wanted.bytes);
            },
          }),
        signal,
        this.#deadlines,
        endMs - timers.now(),
        timers,
      );
      const verified = { ...file, sha256: await hash.digest(file.bytes) };
      checkFile(address, wanted, verified);
      this.#failures.succeeded(address);
      return verified;
    } catch (error) {
      const failure = failureOf(address, wanted, signal, error);
      this.#failures.failed(address, failure);
      throw failure;
    }
  }
}

type Trying = {
  readonly retry: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (receivedBytes: number, totalBytes: number | null) => void;
};

const ANOTHER_FILE =
  'It is not the file that its builder published: publish it again, or give another address of it.';

function checkFile(address: string, { bytes: size, sha256 }: Wanted, file: Verified): void {
  const { length } = file.bytes;
  if (size !== null && length !== size) throw wrongSize(address, size, `${length} bytes`);
  if (sha256 === null || file.sha256 === sha256) return;
  throw new AssetError('wrong-hash', {
    what: `fetch ${shownAddress(address)}`,
    expected: `the sha256 ${sha256}`,
    got: `another file, of the sha256 ${file.sha256}`,
    hint: ANOTHER_FILE,
  });
}

function wrongSize(address: string, size: number, got: string): AssetError {
  const what = `fetch ${shownAddress(address)}`;
  return new AssetError('wrong-size', { what, expected: `${size} bytes`, got, hint: ANOTHER_FILE });
}

function failureOf(address: string, { bytes }: Wanted, signal: AbortSignal, error: unknown): AssetError {
  const failure = sourceErrorOf(address, signal, error);
  // The bound was the size that the reference gave.
  return failure.code === 'too-large' && bytes !== null ? wrongSize(address, bytes, 'more') : failure;
}

/** The error of the one source that there was, or one that lists what each of several did. */
function whyNot({ addresses, sha256 }: Wanted, attempts: readonly FailedAttempt[]): AssetError {
  const [only] = attempts;
  if (only !== undefined && attempts.length === 1) return only.error;
  return new AssetError('unavailable', {
    what: `load ${sha256 === null ? shownAddress(addresses[0] ?? '') : 'the file'}`,
    expected: `one of its ${attempts.length} addresses to give it`,
    got: 'none',
    hint: 'Try again later, or publish the file again.',
    attempts,
  });
}
