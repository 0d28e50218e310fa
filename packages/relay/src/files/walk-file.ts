import {
  inlineBlock,
  isAllowedCid,
  MAX_DAG_BLOCKS,
  MAX_DAG_DEPTH,
  RAW,
  readNode,
  type UnixfsNode,
} from '@weft/assets/blocks';
import type { CID } from 'multiformats/cid';
import { HttpError } from '../server/http-reply.ts';
import { MAX_NAMED_BLOCKS } from './file-limits.ts';

/** Blocks that are here. */
export interface HeldBlocks {
  sizeOf(cid: CID): number | null;
  read(cid: CID): Promise<Uint8Array | null>;
}

/** What a file, or a directory, is made of: each block once, with its size. */
export interface WalkedFile {
  /** Of the file, by the word of its root; of all blocks of a directory. */
  readonly bytes: number;
  readonly blocks: [string, number][];
}

/**
 * Looks whether everything that a root needs is here, and makes a file, or a directory of files.
 *
 * @throws HttpError 409 `missing-blocks`, 413 `too-large`, 422 `no-file`
 */
export async function walkFile(held: HeldBlocks, root: CID, maxBytes: number): Promise<WalkedFile> {
  const blocks = new Map<string, number>();
  const missing: string[] = [];
  let level: readonly CID[] = [root];
  let bytes: number | null = null;
  let blockBytes = 0;
  let isTree = false;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DAG_DEPTH) throw noFile(`more than ${MAX_DAG_DEPTH} nodes above each other`);
    const below = new Map<string, CID>();
    for (const cid of level) {
      if (!isAllowedCid(cid)) throw noFile('a block that cannot be verified');
      const inline = inlineBlock(cid);
      const size = inline === null ? held.sizeOf(cid) : 0;
      if (size === null) {
        missing.push(cid.toString());
        continue;
      }
      if (inline === null) blocks.set(cid.toString(), size);
      blockBytes += size;
      if (isTree && blockBytes > maxBytes) throw tooLarge(maxBytes);
      if (blocks.size > MAX_DAG_BLOCKS) throw noFile(`more than ${MAX_DAG_BLOCKS} blocks`);
      // A piece is not looked into: it links to nothing, and is as long as it is.
      const isPiece = cid.code === RAW && bytes !== null;
      const block = inline ?? (isPiece ? null : await held.read(cid));
      if (block === null) continue;
      const node = readNode(cid, block);
      if (typeof node === 'string') throw noFile(node);
      if (bytes === null) isTree = node.kind !== 'file';
      if (node.kind !== 'file' && !isTree) throw noFile('a file with a directory in it');
      bytes ??= node.kind === 'file' ? node.bytes : 0;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      for (const part of partsOf(node)) if (!blocks.has(part.toString())) below.set(part.toString(), part);
    }
    level = [...below.values()];
  }
  if (missing.length > 0) throw missingBlocks(missing);
  return { bytes: isTree ? blockBytes : (bytes ?? 0), blocks: [...blocks] };
}

function partsOf(node: UnixfsNode): readonly CID[] {
  return node.kind === 'file' ? node.parts.map(({ cid }) => cid) : node.links.map(({ Hash }) => Hash);
}

function noFile(got: string): HttpError {
  return new HttpError(422, 'no-file', `Expected the root of a file or a directory of UnixFS, got ${got}.`);
}

function tooLarge(maxBytes: number): HttpError {
  return new HttpError(413, 'too-large', `A file may have ${maxBytes} bytes at this relay.`);
}

function missingBlocks(missing: readonly string[]): HttpError {
  return new HttpError(
    409,
    'missing-blocks',
    `${missing.length} blocks of it are not here: put them first.`,
    {},
    { missing: missing.slice(0, MAX_NAMED_BLOCKS).join(' ') },
  );
}
