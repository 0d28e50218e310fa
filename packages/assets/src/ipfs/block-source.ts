import type { CID } from 'multiformats/cid';

/** Gives blocks. What it gives is verified. */
export interface BlockSource {
  /** @throws AssetError where it has none, `missing` among others */
  get(cid: CID, signal: AbortSignal): Promise<Uint8Array>;
}
