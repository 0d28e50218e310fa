import { inlineBlock, MAX_DAG_BLOCKS, readNode, type UnixfsNode } from '@weft/assets/blocks';
import type { CID } from 'multiformats/cid';
import type { EntityBytes, Scope } from './gateway-request.ts';

/** What a CAR is made of. */
export interface CarContent {
  /** Blocks that come first: those that prove the way to the end. */
  readonly way: readonly CID[];
  readonly end: CID;
  readonly scope: Scope;
  /** Of the file at the end; `null` for all. */
  readonly bytes: EntityBytes | null;
}

/** A node, and where in the file its first byte stands. */
interface Piece {
  readonly cid: CID;
  readonly at: number;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

const NOTHING: Range = { from: Number.POSITIVE_INFINITY, to: -1 };

/** A block that is not here: whoever reads has to see that it lacks something. */
export class MissingBlock extends Error {}

/**
 * The blocks of a CAR, depth first, each once; none of those that a CID holds itself.
 *
 * @throws MissingBlock where one is not here, or there are more than a file may have
 */
export async function* carBlocks(
  { way, end, scope, bytes }: CarContent,
  read: (cid: CID) => Promise<Uint8Array | null>,
): AsyncGenerator<readonly [CID, Uint8Array]> {
  const sent = new Set<string>();
  const blockOf = async (cid: CID): Promise<Uint8Array> => {
    const block = inlineBlock(cid) ?? (await read(cid));
    if (block === null) throw new MissingBlock();
    return block;
  };
  const isNew = (cid: CID): boolean => {
    if (inlineBlock(cid) !== null || sent.has(cid.toString())) return false;
    sent.add(cid.toString());
    return true;
  };
  for (const cid of way) if (isNew(cid)) yield [cid, await blockOf(cid)];
  let range: Range | null = null;
  const next: Piece[] = [{ cid: end, at: 0 }];
  let seen = 0;
  for (let piece = next.pop(); piece !== undefined; piece = next.pop()) {
    const { cid, at } = piece;
    // Known already, with all below it; of a part of a file another part may be wanted this time.
    if (range === null && sent.has(cid.toString())) continue;
    seen += 1;
    if (seen > MAX_DAG_BLOCKS) throw new MissingBlock();
    const block = await blockOf(cid);
    if (isNew(cid)) yield [cid, block];
    const node = scope === 'block' ? null : readNode(cid, block);
    if (node === null || typeof node === 'string') continue;
    if (seen === 1 && bytes !== null && node.kind === 'file') range = rangeOf(bytes, node.bytes);
    next.push(...below(node, scope, at, range).reverse());
  }
}

function below(node: UnixfsNode, scope: Scope, at: number, range: Range | null): Piece[] {
  if (node.kind !== 'file') {
    const isPart = (name = ''): boolean => node.kind === 'shard' && name.length === digitsOf(node.fanout);
    const links = node.links.filter(({ Name }) => scope === 'all' || isPart(Name ?? ''));
    return links.map(({ Hash }) => ({ cid: Hash, at: 0 }));
  }
  let from = at + node.data.length;
  const pieces: Piece[] = [];
  for (const { cid, bytes } of node.parts) {
    if (range === null || (from <= range.to && from + bytes > range.from)) pieces.push({ cid, at: from });
    from += bytes;
  }
  return pieces;
}

/** How long the name of a part of a directory in shards is; the names of its entries are longer. */
function digitsOf(fanout: number): number {
  return (fanout - 1).toString(16).length;
}

function rangeOf({ from, to }: EntityBytes, size: number): Range {
  const first = from < 0 ? Math.max(0, size + from) : from;
  const last = to === null ? size - 1 : to < 0 ? size + to : to;
  return first <= last ? { from: first, to: last } : NOTHING;
}
