import type { AssetRef } from '../reference/asset-ref.ts';

/** What a file is for: each kind has a bound of its own. */
export type AssetKind = 'model' | 'picture' | 'sound' | 'video';

export interface LoadOptions {
  /** Default `model`. */
  readonly kind?: AssetKind;
  /** Takes no more than this, in bytes; default and most: the bound of its kind. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
  /** Told as bytes come from a source; begins anew with the next source. `totalBytes`: `null` where nobody knows. */
  readonly onProgress?: (receivedBytes: number, totalBytes: number | null) => void;
  /** Asks sources too that failed a moment ago, since a person wants it now. Default `false`. */
  readonly retry?: boolean;
}

export interface LoadedAsset {
  /** Shared by all who load the same: nobody writes into them. */
  readonly bytes: Uint8Array;
  /** The media type by the reference, else by its source; `null` where neither says. A hint. */
  readonly type: string | null;
  /** Of the bytes; what the reference said, where it said it. */
  readonly sha256: string;
  /** The address that gave it; `cache` where this device had it. */
  readonly from: string;
}

/** Gives the file that a reference means, or says why not: `AssetLoader` is one. */
export interface AssetLoading {
  /** @throws AssetError */
  load(ref: AssetRef, options?: LoadOptions): Promise<LoadedAsset>;
}
