import type { CID } from 'multiformats/cid';
import { AssetError } from '../asset-error.ts';
import type { FetchFileOptions } from '../source/asset-source.ts';
import type { BlockSource } from './block-source.ts';
import { BoundedBlocks, unreadable } from './bounded-blocks.ts';
import { findEntry } from './find-entry.ts';
import type { IpfsAddress } from './ipfs-address.ts';
import { MAX_DAG_DEPTH, PARALLEL_BLOCKS } from './limits.ts';
import { readNode, type UnixfsNode } from './unixfs-node.ts';

type FileNode = Extract<UnixfsNode, { kind: 'file' }>;

/**
 * The file at an address, put together from verified blocks within bounds: of bytes, blocks, links and depth. What is larger
 * by its own word is refused before its parts are asked for; a part that is not as long as it was said ends it.
 *
 * @throws AssetError `too-large`, `missing`, `unreadable`, and what `blocks` throws
 */
export async function readUnixfs(
  address: IpfsAddress,
  blocks: BlockSource,
  { maxBytes, signal, onChunk }: FetchFileOptions,
): Promise<Uint8Array> {
  const what = `read ${address.text}`;
  // Ended with this function, so that what is still on its way then is let go.
  const ended = new AbortController();
  const stop = (): void => ended.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const bounded = new BoundedBlocks(blocks, { maxBytes, signal: ended.signal, what });
  const reader = new UnixfsReader(bounded, what);
  try {
    const root = await reader.find(address);
    if (root.bytes > maxBytes) throw tooLarge(what, maxBytes, root.bytes);
    const bytes = new Uint8Array(root.bytes);
    let at = 0;
    for await (const chunk of reader.contentOf(root)) {
      bytes.set(chunk, at);
      at += chunk.length;
      onChunk?.(chunk, bytes.length);
    }
    return bytes;
  } finally {
    signal.removeEventListener('abort', stop);
    ended.abort();
  }
}

class UnixfsReader {
  readonly #blocks: BoundedBlocks;
  readonly #what: string;

  constructor(blocks: BoundedBlocks, what: string) {
    this.#blocks = blocks;
    this.#what = what;
  }

  /** The root of the file that an address means. */
  async find({ cid, segments }: IpfsAddress): Promise<FileNode> {
    let node = await this.#node(cid);
    for (const name of segments) node = await this.#node(await this.#entry(node, name));
    if (node.kind === 'file') return node;
    throw unreadable(this.#what, 'a file', 'a directory');
  }

  /** All bytes of a node that was found, in order; exactly as many as it tells. */
  async *contentOf({ data, parts }: FileNode, depth = 0): AsyncGenerator<Uint8Array> {
    if (data.length > 0) yield data;
    if (parts.length > 0 && depth === MAX_DAG_DEPTH)
      throw unreadable(this.#what, `at most ${MAX_DAG_DEPTH} nodes above each other`, 'more');
    const ahead: Promise<UnixfsNode>[] = [];
    for (const [at, { bytes }] of parts.entries()) {
      for (const { cid } of parts.slice(at + ahead.length, at + PARALLEL_BLOCKS)) {
        const asked = this.#node(cid);
        // Whoever waits for it is told; if nobody comes to that, nobody needs to be.
        asked.catch(() => undefined);
        ahead.push(asked);
      }
      const part = await ahead.shift();
      if (part?.kind !== 'file' || part.bytes !== bytes)
        throw unreadable(this.#what, `a part of ${bytes} bytes`, 'another');
      yield* this.contentOf(part, depth + 1);
    }
  }

  async #entry(directory: UnixfsNode, name: string): Promise<CID> {
    let node = directory;
    for (let depth = 0; node.kind !== 'file'; depth += 1) {
      const step = await findEntry(node, name, depth);
      if (step.found === 'entry') return step.cid;
      if (step.found === 'nothing') break;
      node = await this.#node(step.cid);
    }
    throw new AssetError('missing', {
      what: this.#what,
      expected: 'a file in this directory',
      got: 'none of this name',
      hint: 'Look at the address: the directory is there, and the file is not in it.',
    });
  }

  async #node(cid: CID): Promise<UnixfsNode> {
    const node = readNode(cid, await this.#blocks.get(cid));
    if (typeof node !== 'string') return node;
    throw unreadable(this.#what, 'a file of UnixFS', node);
  }
}

function tooLarge(what: string, maxBytes: number, got: number): AssetError {
  return new AssetError('too-large', {
    what,
    expected: `at most ${maxBytes} bytes`,
    got: `${got}`,
    hint: 'Publish a smaller file.',
  });
}
