import { importBytes } from 'ipfs-unixfs-importer';
import { fixedSize } from 'ipfs-unixfs-importer/chunker';
import { balanced } from 'ipfs-unixfs-importer/layout';
import type { CID } from 'multiformats/cid';
import { CHUNK_BYTES, LINKS_PER_NODE } from './limits.ts';

export interface Block {
  readonly cid: CID;
  readonly bytes: Uint8Array;
}

export interface ImportedFile {
  readonly root: CID;
  /** What it is made of, each once. */
  readonly blocks: readonly Block[];
}

/**
 * A file as blocks of UnixFS, by fixed parameters: the same bytes have the same CID here and by
 * `ipfs add --cid-version=1 --raw-leaves`. The blocks look into the bytes; nothing is copied.
 */
export async function importFile(bytes: Uint8Array): Promise<ImportedFile> {
  const blocks = new Map<string, Block>();
  const store = {
    put(cid: CID, block: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>): CID {
      if (!(block instanceof Uint8Array)) throw new TypeError('a block comes as bytes');
      blocks.set(cid.toString(), { cid, bytes: block });
      return cid;
    },
  };
  const { cid: root } = await importBytes(bytes, store, {
    cidVersion: 1,
    rawLeaves: true,
    reduceSingleLeafToSelf: true,
    chunker: fixedSize({ chunkSize: CHUNK_BYTES }),
    layout: balanced({ maxChildrenPerNode: LINKS_PER_NODE }),
  });
  return { root, blocks: [...blocks.values()] };
}
