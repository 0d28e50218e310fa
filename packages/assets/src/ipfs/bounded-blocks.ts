import type { CID } from 'multiformats/cid';
import { AssetError } from '../asset-error.ts';
import type { BlockSource } from './block-source.ts';
import { inlineBlock, isAllowedCid } from './cid.ts';
import { MAX_DAG_BLOCKS, MAX_DAG_OVERHEAD_BYTES } from './limits.ts';

export interface BoundedBlocksOptions {
  /** Of the file. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** What is being done, as errors say it. */
  readonly what: string;
}

/** The blocks of one file, counted: whatever they say, it ends. */
export class BoundedBlocks {
  readonly #blocks: BlockSource;
  readonly #options: BoundedBlocksOptions;
  #count = 0;
  #bytes = 0;

  constructor(blocks: BlockSource, options: BoundedBlocksOptions) {
    this.#blocks = blocks;
    this.#options = options;
  }

  /** @throws AssetError `unreadable` beyond a bound; and as its source does */
  async get(cid: CID): Promise<Uint8Array> {
    const { maxBytes, signal, what } = this.#options;
    if (!isAllowedCid(cid)) throw unreadable(what, 'blocks of raw or dag-pb and sha2-256', cid.toString());
    this.#count += 1;
    if (this.#count > MAX_DAG_BLOCKS) throw unreadable(what, `at most ${MAX_DAG_BLOCKS} blocks`, 'more');
    const block = inlineBlock(cid) ?? (await this.#blocks.get(cid, signal));
    this.#bytes += block.length;
    if (this.#bytes <= maxBytes + MAX_DAG_OVERHEAD_BYTES) return block;
    throw unreadable(what, `at most ${MAX_DAG_OVERHEAD_BYTES} bytes of blocks beside the file`, 'more');
  }
}

/** Blocks that are there and make no file, or none that may be read. */
export function unreadable(what: string, expected: string, got: string): AssetError {
  return new AssetError('unreadable', {
    what,
    expected,
    got,
    hint: 'Publish the file again, as a file and not as a folder.',
  });
}
