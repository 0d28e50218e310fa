import { MAX_GLB_BYTES } from '../gltf/container.ts';
import type { AssetKind } from './loaded-asset.ts';

const MIB = 1024 * 1024;

/** What a file of each kind may have, in bytes. */
export const MAX_ASSET_BYTES: Readonly<Record<AssetKind, number>> = {
  model: MAX_GLB_BYTES,
  picture: 32 * MIB,
  sound: 32 * MIB,
  video: 256 * MIB,
};

/** Other addresses of a file that are tried, past the first. */
export const MAX_ALTERNATIVES = 8;

/** How long loading may take, in milliseconds. */
export interface LoadDeadlines {
  /** One source, from asking it to its last byte. */
  readonly sourceMs: number;
  /** All of them. */
  readonly totalMs: number;
  /** A source gives at least `MIN_STEADY_BYTES`, or the rest, within this; it is passed over otherwise. */
  readonly stallMs: number;
}

export const LOAD_DEADLINES: LoadDeadlines = { sourceMs: 180_000, totalMs: 300_000, stallMs: 30_000 };
/** Fewer bytes than these within `stallMs` are no progress: a server that drips holds nobody up. */
export const MIN_STEADY_BYTES = 4_096;

/** Failures of addresses and servers that are remembered. */
export const MAX_REMEMBERED_FAILURES = 1_024;
/** How long an address that failed is left alone: doubled with each failure in a row, up to the second. */
export const FIRST_BACKOFF_MS = 1_000;
export const MAX_BACKOFF_MS = 60_000;
/** Failures in a row after which a server is left alone, whichever of its files is asked for. */
export const MAX_SERVER_FAILURES = 4;
