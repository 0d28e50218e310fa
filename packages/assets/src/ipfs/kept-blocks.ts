import type { CID } from 'multiformats/cid';
import { AssetError } from '../asset-error.ts';
import type { BlockSource } from './block-source.ts';
import { sha256Of } from './cid.ts';

/** Where a device keeps blocks of its own, by what they hash to; bounded, and a cache of files is one. */
export interface BlockShelf {
  /** The block of this hash, verified; `null` where there is none. */
  read(sha256: string): Promise<Uint8Array | null>;
  keep(sha256: string, bytes: Uint8Array): Promise<void>;
}

/** Blocks that this device keeps; what it has not got is asked of the next. */
export class KeptBlocks implements BlockSource {
  readonly #shelf: BlockShelf;
  readonly #next: BlockSource | null;

  constructor(shelf: BlockShelf, next: BlockSource | null) {
    this.#shelf = shelf;
    this.#next = next;
  }

  async get(cid: CID, signal: AbortSignal): Promise<Uint8Array> {
    const sha256 = sha256Of(cid);
    const block = sha256 === null ? null : await this.#shelf.read(sha256);
    if (block !== null) return block;
    if (this.#next !== null) return this.#next.get(cid, signal);
    throw new AssetError('missing', {
      what: `fetch the block ${cid}`,
      expected: 'a block that this device keeps',
      got: 'none',
      hint: 'Add a gateway or an IPFS node that has it.',
    });
  }
}
