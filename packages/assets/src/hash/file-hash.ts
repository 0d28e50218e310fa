/** The sha256 of one file, as it comes. */
export interface FileHash {
  /** Each piece of the file, in order. Costs nothing where the platform hashes only whole files. */
  update(chunk: Uint8Array): void;
  /**
   * The hash in 64 lowercase hexadecimal digits.
   *
   * @param file the whole file: what was not told in pieces is hashed now
   */
  digest(file: Uint8Array): Promise<string>;
}

export type StartFileHash = () => FileHash;
