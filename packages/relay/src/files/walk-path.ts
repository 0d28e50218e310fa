import { findEntry, inlineBlock, readNode } from '@weft/assets/blocks';
import type { CID } from 'multiformats/cid';
import { HttpError } from '../server/http-reply.ts';

/** Where a path ends, and what proves that it does. */
export interface WalkedPath {
  readonly end: CID;
  /** The blocks on the way, the root first and the end not among them: each directory, and each part of one in shards. */
  readonly way: readonly CID[];
  /** What each name led to, the root first and the end last. */
  readonly roots: readonly CID[];
}

/**
 * Follows names from a root through directories of UnixFS.
 *
 * @param read the block of a CID; may refuse
 * @throws HttpError 404 `not-found` where a name or a block is not here; what `read` does
 */
export async function walkPath(
  read: (cid: CID) => Promise<Uint8Array | null>,
  root: CID,
  names: readonly string[],
): Promise<WalkedPath> {
  const way: CID[] = [];
  const roots = [root];
  let end = root;
  for (const name of names) {
    end = await entryOf(end, name);
    roots.push(end);
  }
  return { end, way, roots };

  async function entryOf(directory: CID, name: string): Promise<CID> {
    let at = directory;
    for (let depth = 0; ; depth += 1) {
      const block = inlineBlock(at) ?? (await read(at));
      const node = block === null ? 'a block that is not here' : readNode(at, block);
      if (typeof node === 'string') throw noPath(name, node);
      if (node.kind === 'file') throw noPath(name, 'a file, which has nothing below it');
      way.push(at);
      const step = await findEntry(node, name, depth);
      if (step.found === 'nothing') throw noPath(name, 'a directory without it');
      at = step.cid;
      if (step.found === 'entry') return at;
    }
  }
}

function noPath(name: string, got: string): HttpError {
  return new HttpError(404, 'not-found', `Looked for ${JSON.stringify(name)}, and found ${got}.`, {
    'cache-control': 'no-store',
  });
}
