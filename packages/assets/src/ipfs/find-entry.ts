import type { PBLink } from '@ipld/dag-pb';
import { murmur364 } from '@multiformats/murmur3';
import type { CID } from 'multiformats/cid';
import type { UnixfsNode } from './unixfs-node.ts';

/** One step on the way to a name: the entry itself, or the part of a sharded directory that would hold it. */
export type EntryStep =
  | { readonly found: 'entry'; readonly cid: CID }
  | { readonly found: 'shard'; readonly cid: CID }
  | { readonly found: 'nothing' };

const NOTHING: EntryStep = { found: 'nothing' };
const BYTE_BITS = 8;

/** Looks for a name in one node of a directory. @param depth how many shards lie above this one */
export async function findEntry(
  node: Exclude<UnixfsNode, { kind: 'file' }>,
  name: string,
  depth: number,
): Promise<EntryStep> {
  if (node.kind === 'directory') return entryOf(linkNamed(node.links, name));
  const prefix = await prefixOf(name, node.fanout, depth);
  if (prefix === null) return NOTHING;
  const shard = linkNamed(node.links, prefix);
  if (shard !== undefined) return { found: 'shard', cid: shard.Hash };
  return entryOf(linkNamed(node.links, prefix + name));
}

function linkNamed(links: readonly PBLink[], name: string): PBLink | undefined {
  return links.find(({ Name }) => Name === name);
}

function entryOf(link: PBLink | undefined): EntryStep {
  return link === undefined ? NOTHING : { found: 'entry', cid: link.Hash };
}

/** By what the links of a name begin at a depth: its next bits, in hexadecimal; `null` where the hash has no more. */
async function prefixOf(name: string, fanout: number, depth: number): Promise<string | null> {
  const hash = await murmur364.encode(new TextEncoder().encode(name));
  const bits = Math.log2(fanout);
  let index = 0;
  for (let at = depth * bits; at < (depth + 1) * bits; at += 1) {
    const byte = hash[Math.floor(at / BYTE_BITS)];
    if (byte === undefined) return null;
    index = index * 2 + ((byte >> (BYTE_BITS - 1 - (at % BYTE_BITS))) & 1);
  }
  const digits = (fanout - 1).toString(16).length;
  return index.toString(16).toUpperCase().padStart(digits, '0');
}
