import {
  type AdmittedPatch,
  type BlobPointer,
  type BlobSource,
  decodeBlob,
  schemeOf,
  verifyBlob,
} from '@weft/core';
import type { DownloadOptions, Homeserver } from '../homeserver.ts';
import { isMxcUri } from '../ids.ts';

/**
 * Fetches a file from an address outside of Matrix: `https:` and `ipfs:`. Rejects where more bytes come than are allowed,
 * before they are held; reaches no private address.
 */
export type FetchBlob = (source: BlobSource, options: DownloadOptions) => Promise<Uint8Array>;

/** Files of blobs on this device, by sha256. */
export interface KeptBlobs {
  /** `null` where it is not there, or cannot be read. */
  read(sha256: string): Promise<Uint8Array | null>;
  /** What was verified. */
  keep(sha256: string, file: Uint8Array): void;
}

export interface BlobSourcesPorts {
  /** Asked before any source; absent where this device keeps nothing. */
  readonly kept?: KeptBlobs;
  readonly homeserver: Pick<Homeserver, 'download'>;
  /** `null` where only `mxc:` addresses can be read. */
  readonly fetchBlob: FetchBlob | null;
  /** Gives others a turn. */
  readonly turn: () => Promise<void>;
}

/** What became of one try of all sources. */
export type Fetched =
  | { readonly kind: 'read'; readonly found: AdmittedPatch }
  /** `isFinal`: the file is the one that was named, and is none that can be read: no other source has a better one. */
  | { readonly kind: 'failed'; readonly reason: string; readonly isFinal: boolean };

/** Tries the sources of a blob in order, until one gives the file that was named. Never rejects. */
export async function fetchBlob(
  ports: BlobSourcesPorts,
  pointer: BlobPointer,
  carrier: string,
  signal: AbortSignal,
): Promise<Fetched> {
  const reasons: string[] = [];
  const options = { carrier, turn: ports.turn };
  const kept = await keptFile(ports, pointer, options);
  if (kept !== null) return decoded(kept, pointer, options);
  for (const source of pointer.sources) {
    let file: Uint8Array;
    try {
      file = await fetchVerified(ports, source, pointer, signal);
    } catch (error) {
      reasons.push(`${source}: ${messageOf(error)}`);
      if (signal.aborted) break;
      continue;
    }
    ports.kept?.keep(pointer.sha256, file);
    return decoded(file, pointer, options);
  }
  return { kind: 'failed', reason: reasons.join(' '), isFinal: false };
}

/**
 * The file that a pointer names, from one of its sources.
 *
 * @throws Error where the source does not give it, or not in time
 */
export async function fetchVerified(
  ports: BlobSourcesPorts,
  source: BlobSource,
  pointer: BlobPointer,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const file = await abortable(fileFrom(ports, source, { maxBytes: pointer.bytes, signal }), signal);
  await verifyBlob(file, pointer, { carrier: source, turn: ports.turn });
  return file;
}

type ReadOptions = Parameters<typeof decodeBlob>[2];

async function decoded(file: Uint8Array, pointer: BlobPointer, options: ReadOptions): Promise<Fetched> {
  try {
    return { kind: 'read', found: await decodeBlob(file, pointer, options) };
  } catch (error) {
    return { kind: 'failed', reason: messageOf(error), isFinal: true };
  }
}

/** A file of this device is judged like any other; one that fails is as good as none. */
async function keptFile(
  { kept }: BlobSourcesPorts,
  pointer: BlobPointer,
  options: ReadOptions,
): Promise<Uint8Array | null> {
  try {
    const file = (await kept?.read(pointer.sha256)) ?? null;
    if (file !== null) await verifyBlob(file, pointer, options);
    return file;
  } catch {
    return null;
  }
}

async function fileFrom(
  { homeserver, fetchBlob: fetchOther }: BlobSourcesPorts,
  source: BlobSource,
  options: DownloadOptions,
): Promise<Uint8Array> {
  const text: string = source;
  if (isMxcUri(text)) return (await homeserver.download(text, options)).bytes;
  if (fetchOther === null) throw new Error(`There is no reader for ${schemeOf(source)}: here.`);
  return fetchOther(source, options);
}

/** Rejects at the signal, whatever the other side makes of it. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(new Error('It took too long.'));
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', stop));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
