import { decode, type PBLink } from '@ipld/dag-pb';
import { UnixFS } from 'ipfs-unixfs';
import type { CID } from 'multiformats/cid';
import { RAW } from './cid.ts';
import { MAX_NODE_LINKS } from './limits.ts';

export interface FilePart {
  readonly cid: CID;
  /** Of the file, by the word of the node above. */
  readonly bytes: number;
}

/** What a verified block says: a piece of a file, or a directory. */
export type UnixfsNode =
  | {
      readonly kind: 'file';
      /** What stands before its parts. */
      readonly data: Uint8Array;
      readonly parts: readonly FilePart[];
      /** Of its data and all its parts, by its own word. */
      readonly bytes: number;
    }
  | { readonly kind: 'directory'; readonly links: readonly PBLink[] }
  /** A directory by the murmur3 of names; `fanout` is a power of two. */
  | { readonly kind: 'shard'; readonly links: readonly PBLink[]; readonly fanout: number };

const NO_DATA = new Uint8Array();

/** What a block of a CID means in UnixFS; why it means nothing, in words, where it does not. */
export function readNode(cid: CID, block: Uint8Array): UnixfsNode | string {
  if (cid.code === RAW) return { kind: 'file', data: block, parts: [], bytes: block.length };
  try {
    const { Data: data, Links: links } = decode(block);
    if (links.length > MAX_NODE_LINKS) return `a node with more than ${MAX_NODE_LINKS} links`;
    return data === undefined ? 'a node without data' : nodeOf(UnixFS.unmarshal(data), links);
  } catch (error) {
    // Both decoders throw on whatever is malformed.
    return error instanceof Error ? error.message : 'a malformed node';
  }
}

function nodeOf(unixfs: UnixFS, links: readonly PBLink[]): UnixfsNode | string {
  const { type, blockSizes, data = NO_DATA, fanout } = unixfs;
  if (type === 'directory') return { kind: 'directory', links };
  if (type === 'hamt-sharded-directory') {
    const size = Number(fanout);
    const isUsable = size > 1 && Number.isInteger(Math.log2(size));
    return isUsable ? { kind: 'shard', links, fanout: size } : 'a directory in another number of shards';
  }
  if (type !== 'file' && type !== 'raw') return `a ${type}`;
  if (blockSizes.length !== links.length) return 'another number of sizes than of links';
  const parts = links.map(({ Hash }, at) => ({ cid: Hash, bytes: Number(blockSizes[at]) }));
  const bytes = parts.reduce((sum, part) => sum + part.bytes, data.length);
  return { kind: 'file', data, parts, bytes };
}
