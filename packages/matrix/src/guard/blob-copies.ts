import { type BlobPointer, type BlobSource, forgetOldest, schemeOf } from '@weft/core';
import { type BlobSourcesPorts, fetchVerified } from '../blob/fetch-blob.ts';

/** How long the finding that a copy is there, or is not, counts. */
export const COPY_COUNTS_MS = 24 * 60 * 60_000;
/** Findings that are kept; of more, the oldest go. */
export const MAX_COPY_FINDINGS = 512;

interface Finding {
  readonly isThere: boolean;
  readonly atMs: number;
}

/** The places where a blob would be lost together with others: a server, or a network of content addresses. */
export function originOf(source: BlobSource): string {
  const scheme = schemeOf(source);
  if (scheme === 'ipfs') return 'ipfs';
  const [host = ''] = source.slice(`${scheme}://`.length).split(/[/?#]/, 1);
  return `${scheme}:${host.toLowerCase()}`;
}

/** Finds out from how many places blobs can be fetched back, byte for byte; each address once a day. */
export class BlobCopies {
  readonly #ports: BlobSourcesPorts;
  readonly #findings = new Map<string, Finding>();

  constructor(ports: BlobSourcesPorts) {
    this.#ports = ports;
  }

  /** The origins that gave the very file. Downloads it from each that was not tried within a day. Never rejects. */
  async origins(pointer: BlobPointer, nowMs: number, signal: AbortSignal): Promise<ReadonlySet<string>> {
    const origins = new Set<string>();
    for (const source of pointer.sources) {
      if (origins.has(originOf(source))) continue;
      if (await this.#isThere(source, pointer, nowMs, signal)) origins.add(originOf(source));
    }
    return origins;
  }

  /** The file, from the first source that gives it; `null` where none does. */
  async file(pointer: BlobPointer, signal: AbortSignal): Promise<Uint8Array | null> {
    for (const source of pointer.sources) {
      const file = await fetchVerified(this.#ports, source, pointer, signal).catch(() => null);
      if (file !== null) return file;
    }
    return null;
  }

  async #isThere(
    source: BlobSource,
    pointer: BlobPointer,
    nowMs: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    const key = `${pointer.sha256} ${source}`;
    const known = this.#findings.get(key);
    if (known !== undefined && nowMs - known.atMs < COPY_COUNTS_MS) return known.isThere;
    const isThere = await fetchVerified(this.#ports, source, pointer, signal).then(
      () => true,
      () => false,
    );
    if (signal.aborted) return false;
    this.#findings.delete(key);
    this.#findings.set(key, { isThere, atMs: nowMs });
    forgetOldest(this.#findings, MAX_COPY_FINDINGS);
    return isThere;
  }
}
