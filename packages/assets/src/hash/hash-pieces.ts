import type { StartFileHash } from './file-hash.ts';

/** A sha256 that takes its bytes bit by bit. */
export interface PieceHash {
  update(chunk: Uint8Array): unknown;
  /** In lowercase hexadecimal. */
  hex(): string;
}

/** Hashes while the file comes, so that hardly anything is left to do at its end; what was not told in pieces, at its end. */
export function hashPieces(start: () => PieceHash): StartFileHash {
  return () => {
    const hash = start();
    let told = 0;
    return {
      update(chunk) {
        told += chunk.length;
        hash.update(chunk);
      },
      async digest(file) {
        if (told === file.length) return hash.hex();
        const whole = start();
        whole.update(file);
        return whole.hex();
      },
    };
  };
}
