import { encode, prepare } from '@ipld/dag-pb';
import { UnixFS } from 'ipfs-unixfs';
import { CID } from 'multiformats/cid';
import { create as createDigest } from 'multiformats/hashes/digest';
import { blockHash } from './block-hash.ts';
import { DAG_PB, RAW, SHA2_256 } from './cid.ts';
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

/** A leaf or a node, as the node above counts it. */
interface Part {
  readonly cid: CID;
  /** Of the file. */
  readonly fileBytes: number;
  /** Of its block and all below. */
  readonly dagBytes: number;
}

/**
 * A file as blocks of UnixFS, by fixed parameters: the same bytes have the same CID here and by
 * `ipfs add --cid-version=1 --raw-leaves`. The leaves look into the bytes; nothing is copied. Works on pages of plain http too.
 */
export async function importFile(bytes: Uint8Array): Promise<ImportedFile> {
  const blocks = new Map<string, Block>();
  const keep = async (codec: number, block: Uint8Array): Promise<CID> => {
    const cid = CID.createV1(codec, createDigest(SHA2_256, await blockHash(block)));
    const name = cid.toString();
    if (!blocks.has(name)) blocks.set(name, { cid, bytes: block });
    return cid;
  };
  const nodeOf = async (parts: readonly Part[]): Promise<Part> => {
    const file = new UnixFS({ type: 'file' });
    for (const { fileBytes } of parts) file.addBlockSize(BigInt(fileBytes));
    const links = parts.map(({ cid, dagBytes }) => ({ Name: '', Tsize: dagBytes, Hash: cid }));
    const block = encode(prepare({ Data: file.marshal(), Links: links }));
    const cid = await keep(DAG_PB, block);
    return { cid, fileBytes: sum(parts, 'fileBytes'), dagBytes: block.length + sum(parts, 'dagBytes') };
  };
  const leafOf = async (leaf: Uint8Array): Promise<Part> => {
    return { cid: await keep(RAW, leaf), fileBytes: leaf.length, dagBytes: leaf.length };
  };
  // A file of one leaf is that leaf, also where it is empty.
  let root = await leafOf(bytes.subarray(0, CHUNK_BYTES));
  let level: Part[] = [root];
  for (let at = CHUNK_BYTES; at < bytes.length; at += CHUNK_BYTES)
    level.push(await leafOf(bytes.subarray(at, at + CHUNK_BYTES)));
  while (level.length > 1) {
    const above: Part[] = [];
    for (let at = 0; at < level.length; at += LINKS_PER_NODE) {
      root = await nodeOf(level.slice(at, at + LINKS_PER_NODE));
      above.push(root);
    }
    level = above;
  }
  return { root: root.cid, blocks: [...blocks.values()] };
}

function sum(parts: readonly Part[], count: 'fileBytes' | 'dagBytes'): number {
  return parts.reduce((bytes, part) => bytes + part[count], 0);
}
