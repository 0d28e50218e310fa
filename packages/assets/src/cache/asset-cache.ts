/**
 * Files that are at hand, by what they hash to. It never rejects: what a device cannot keep or cannot read is not there, and
 * is fetched again.
 */
export interface AssetCache {
  /**
   * The file of this hash, verified; `null` where there is none, or what is there is another. The bytes are shared: nobody
   * writes into them.
   *
   * @param sha256 64 lowercase hexadecimal digits
   */
  read(sha256: string): Promise<Uint8Array | null>;
  /** Keeps a file that hashes to this; what was not used the longest goes, where there is no more room. */
  keep(sha256: string, bytes: Uint8Array): Promise<void>;
}
