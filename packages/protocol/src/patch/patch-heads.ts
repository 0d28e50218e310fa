import type { Patch, Path } from '@weft/core';

/** Heads that are remembered, in as many places: of those that share one, the last. */
export const PATCH_HEAD_PLACES = 256;
/** Of a head that is remembered, in bytes. */
export const MAX_KNOWN_HEAD_BYTES = 256;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** What stands before the registers of a patch. */
export interface PatchHead {
  readonly paths: readonly Path[];
  readonly actors: Patch['actors'];
  /** As `MAX_FRAME_ELEMENTS` counts them. */
  readonly elements: number;
}

interface KnownHead extends PatchHead {
  readonly bytes: Uint8Array;
}

/**
 * What heads say that were read before. Whoever moves something says with each step which property that is and who they are, in
 * the same bytes; to read them anew takes a third of reading such a patch.
 */
export class PatchHeads {
  readonly #known = new Array<KnownHead | null>(PATCH_HEAD_PLACES).fill(null);

  /** @returns what these bytes say; `null` where that is not remembered */
  find(wire: Uint8Array, from: number, to: number): PatchHead | null {
    const known = this.#known[placeOf(wire, from, to)] ?? null;
    return known !== null && isSame(known.bytes, wire, from, to) ? known : null;
  }

  remember(wire: Uint8Array, from: number, to: number, head: PatchHead): void {
    this.#known[placeOf(wire, from, to)] = { ...head, bytes: wire.slice(from, to) };
  }
}

/** Where the head ends that begins there; `null` for one that is not as most are: short paths, and one claim of one user. */
export function headEnd(wire: Uint8Array, from: number): number | null {
  const paths = (wire[from] ?? 0) - 0x90;
  if (paths < 1 || paths > 15) return null;
  let at = from + 1;
  for (let path = 0; path < paths; path++) at = textEnd(wire, at);
  if (wire[at] !== 0x92) return null;
  at = textEnd(wire, at + 1);
  if (wire[at] !== 0x91) return null;
  at = textEnd(wire, at + 1);
  return at - from <= MAX_KNOWN_HEAD_BYTES && at <= wire.length ? at : null;
}

/** Past all bytes where there is no text, or one of more than 31 bytes. */
function textEnd(wire: Uint8Array, at: number): number {
  const first = wire[at] ?? 0;
  return first >= 0xa0 && first < 0xc0 ? at + 1 + (first & 0x1f) : Number.MAX_SAFE_INTEGER;
}

function placeOf(wire: Uint8Array, from: number, to: number): number {
  let hash = FNV_OFFSET;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (wire[at] ?? 0), FNV_PRIME);
  return (hash >>> 0) % PATCH_HEAD_PLACES;
}

function isSame(bytes: Uint8Array, wire: Uint8Array, from: number, to: number): boolean {
  if (bytes.length !== to - from) return false;
  for (let at = 0; at < bytes.length; at++) if (bytes[at] !== wire[from + at]) return false;
  return true;
}
