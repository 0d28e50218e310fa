import { createLink, encode, type PBNode, prepare } from '@ipld/dag-pb';
import { propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { UnixFS } from 'ipfs-unixfs';
import { exporter } from 'ipfs-unixfs-exporter';
import { importBytes, importer } from 'ipfs-unixfs-importer';
import { fixedSize } from 'ipfs-unixfs-importer/chunker';
import { balanced, trickle } from 'ipfs-unixfs-importer/layout';
import { CID } from 'multiformats/cid';
import { sha256 } from 'multiformats/hashes/sha2';
import { describe, expect, test } from 'vitest';
import { AssetError } from '../asset-error.ts';
import { readAddress } from '../reference/address.ts';
import type { BlockSource } from './block-source.ts';
import { importFile } from './import-file.ts';
import { readIpfsAddress } from './ipfs-address.ts';
import {
  MAX_DAG_BLOCKS,
  MAX_DAG_DEPTH,
  MAX_DAG_OVERHEAD_BYTES,
  MAX_NODE_LINKS,
  PARALLEL_BLOCKS,
} from './limits.ts';
import { readUnixfs } from './read-unixfs.ts';

const RAW = 0x55;
const NODE = 0x70;
const BYTE = Uint8Array.of(1);

/** Blocks in memory, as somebody hostile made them: each is what its CID names. */
class Blocks implements BlockSource {
  readonly #blocks = new Map<string, Uint8Array>();
  count = 0;

  async put(code: number, bytes: Uint8Array): Promise<CID> {
    const cid = CID.createV1(code, await sha256.digest(bytes));
    this.#blocks.set(cid.toString(), bytes);
    return cid;
  }

  putNode(node: Partial<PBNode>): Promise<CID> {
    return this.put(NODE, encode(prepare(node)));
  }

  /** A node of a file whose parts have these sizes, by its own word. */
  file(parts: readonly (readonly [CID, number])[]): Promise<CID> {
    const data = new UnixFS({ type: 'file', blockSizes: parts.map(([, size]) => BigInt(size)) });
    const links = parts.map(([cid, size]) => createLink('', size, cid));
    return this.putNode({ Data: data.marshal(), Links: links });
  }

  async get(cid: CID): Promise<Uint8Array> {
    this.count += 1;
    const block = this.#blocks.get(cid.toString());
    if (block !== undefined) return block;
    throw new AssetError('missing', { what: 'x', expected: 'y', got: 'z', hint: '' });
  }
}

function read(blocks: BlockSource, text: string, maxBytes = 1024 * 1024): Promise<Uint8Array> {
  const address = readAddress(text);
  if (address?.scheme !== 'ipfs') throw new TypeError(text);
  const { signal } = new AbortController();
  return readUnixfs(readIpfsAddress(address), blocks, { maxBytes, signal });
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof AssetError ? error.code : String(error)),
  );

describe('what blocks say of a file', () => {
  test('[AS22] holds up to as many nodes above each other, as many links and as many blocks as the bounds say', async () => {
    const blocks = new Blocks();
    let top = await blocks.put(RAW, BYTE);
    const chain: CID[] = [];
    for (let depth = 0; depth <= MAX_DAG_DEPTH; depth += 1) {
      top = await blocks.file([[top, 1]]);
      chain.push(top);
    }
    expect(await codeOf(read(blocks, `ipfs://${chain[MAX_DAG_DEPTH - 1]}`))).toBe('done');
    expect(await codeOf(read(blocks, `ipfs://${chain[MAX_DAG_DEPTH]}`))).toBe('unreadable');

    const leaf = await blocks.put(RAW, BYTE);
    const wide = (links: number) => blocks.file(Array.from({ length: links }, () => [leaf, 1] as const));
    expect(await codeOf(read(blocks, `ipfs://${await wide(MAX_NODE_LINKS)}`))).toBe('done');
    expect(await codeOf(read(blocks, `ipfs://${await wide(MAX_NODE_LINKS + 1)}`))).toBe('unreadable');
  });

  test('[AS22] may repeat itself only as often as blocks are looked at', async () => {
    const blocks = new Blocks();
    const leaf = await blocks.put(RAW, BYTE);
    const fan = 1_000;
    const inner = await blocks.file(Array.from({ length: fan }, () => [leaf, 1] as const));
    const outer = await blocks.file(Array.from({ length: fan }, () => [inner, fan] as const));
    expect(await codeOf(read(blocks, `ipfs://${outer}`))).toBe('unreadable');
    expect(blocks.count).toBeLessThanOrEqual(MAX_DAG_BLOCKS);
  });

  test('[AS22] that promises little and links to much ends at the first part that is longer', async () => {
    const blocks = new Blocks();
    const leaf = await blocks.put(RAW, new Uint8Array(1024 * 1024));
    const root = await blocks.file(Array.from({ length: 1_000 }, () => [leaf, 1] as const));
    expect(await codeOf(read(blocks, `ipfs://${root}`, 2_000))).toBe('unreadable');
    expect(blocks.count).toBeLessThanOrEqual(PARALLEL_BLOCKS + 1);
  });

  test('[AS22] holds no more beside the file than the bound', async () => {
    const blocks = new Blocks();
    const none = await blocks.put(RAW, new Uint8Array());
    const padded = (at: number) =>
      blocks.putNode({
        Data: new UnixFS({ type: 'file', blockSizes: [0n] }).marshal(),
        Links: [createLink('x'.repeat(1024 * 1024) + at, 0, none)],
      });
    const parts = await Promise.all(Array.from({ length: 9 }, (_, at) => padded(at)));
    const of = (count: number) => blocks.file(parts.slice(0, count).map((cid) => [cid, 0] as const));
    const most = MAX_DAG_OVERHEAD_BYTES / (1024 * 1024);
    expect(await codeOf(read(blocks, `ipfs://${await of(most - 1)}`, 0))).toBe('done');
    expect(await codeOf(read(blocks, `ipfs://${await of(most + 1)}`, 0))).toBe('unreadable');
  });

  test('[AS22] is refused where its parts are not as long as it tells', async () => {
    const blocks = new Blocks();
    const leaf = await blocks.put(RAW, new Uint8Array(10));
    for (const told of [9, 11, 1_000]) {
      const root = await blocks.file([[leaf, told]]);
      expect(await codeOf(read(blocks, `ipfs://${root}`)), String(told)).toBe('unreadable');
    }
    const claims = await blocks.file([[leaf, 2 ** 50]]);
    expect(await codeOf(read(blocks, `ipfs://${claims}`))).toBe('too-large');
  });

  test.each<readonly [string, Partial<PBNode> | Uint8Array]>([
    ['no protobuf', Uint8Array.of(255, 255, 255)],
    ['a node without data', { Links: [] }],
    ['a node with other data', { Data: Uint8Array.of(255), Links: [] }],
    ['a directory', { Data: new UnixFS({ type: 'directory' }).marshal(), Links: [] }],
    ['a link', { Data: new UnixFS({ type: 'symlink', data: BYTE }).marshal(), Links: [] }],
  ])('[AS22] is refused where it is %s', async (_what, node) => {
    const blocks = new Blocks();
    const cid = node instanceof Uint8Array ? await blocks.put(NODE, node) : await blocks.putNode(node);
    expect(await codeOf(read(blocks, `ipfs://${cid}`))).toBe('unreadable');
  });

  test('[AS22] a link to a block that cannot be verified is not followed', async () => {
    const blocks = new Blocks();
    const { digest } = await sha256.digest(BYTE);
    const sha1 = { code: 0x11, size: 32, digest, bytes: Uint8Array.from([0x11, 32, ...digest]) };
    const root = await blocks.file([[CID.createV1(RAW, sha1), 1]]);
    expect(await codeOf(read(blocks, `ipfs://${root}`))).toBe('unreadable');
    expect(blocks.count).toBe(1);
  });

  test('[AS22] a directory of 10,000 names is refused in one node and read in shards; a name that is not there is missing', async () => {
    const blocks = new Blocks();
    const leaf = await blocks.put(RAW, BYTE);
    const names = Array.from({ length: 10_000 }, (_, at) => `chair-${at}.glb`);
    const flat = await blocks.putNode(
      prepare({
        Data: new UnixFS({ type: 'directory' }).marshal(),
        Links: names
          .map((name) => createLink(name, 1, leaf))
          .sort((a, b) => ((a.Name ?? '') < (b.Name ?? '') ? -1 : 1)),
      }),
    );
    expect(await codeOf(read(blocks, `ipfs://${flat}/chair-77.glb`))).toBe('unreadable');

    let root: CID | null = null;
    const store = {
      put: (cid: CID, bytes: unknown) => (bytes instanceof Uint8Array ? blocks.put(cid.code, bytes) : cid),
    };
    const files = names.slice(0, 5_000).map((path) => ({ path: `all/${path}`, content: BYTE }));
    for await (const { cid } of importer(files, store, { shardSplitThresholdBytes: 0 })) root = cid;
    blocks.count = 0;
    expect(await read(blocks, `ipfs://${root}/chair-77.glb`)).toEqual(BYTE);
    expect(blocks.count).toBeLessThan(20);
    expect(await codeOf(read(blocks, `ipfs://${root}/none.glb`))).toBe('missing');
  });

  test('[AS22] the path below a CID is decoded once', async () => {
    const blocks = new Blocks();
    const leaf = await blocks.put(RAW, BYTE);
    const Links = [createLink('a b.glb', 1, leaf)];
    const root = await blocks.putNode({ Data: new UnixFS({ type: 'directory' }).marshal(), Links });
    expect(await read(blocks, `ipfs://${root}/a%20b.glb`)).toEqual(BYTE);
    expect(await codeOf(read(blocks, `ipfs://${root}/a%2520b.glb`))).toBe('missing');
    for (const path of ['a%2fb', 'a%00b', '?x=1', 'a%5cb', '%zz'])
      expect(
        await codeOf(Promise.resolve().then(() => read(blocks, `ipfs://${root}/${path}`))),
        path,
      ).not.toBe('done');
  });

  test('[AS20] a block that is missing in the middle gives no half of a file', async () => {
    const file = await importFile(new Uint8Array(3 * 256 * 1024).map((_, at) => at >> 4));
    const blocks = new Blocks();
    for (const { cid, bytes } of file.blocks.filter((_, at) => at !== 1)) await blocks.put(cid.code, bytes);
    expect(await codeOf(read(blocks, `ipfs://${file.root}`))).toBe('missing');
  });

  test('[AS20] a file in any blocks and layout reads as the reference reader reads it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 2_000 }),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 2, max: 6 }),
        fc.boolean(),
        fc.boolean(),
        async (bytes, chunkSize, maxChildrenPerNode, rawLeaves, isTrickle) => {
          const blocks = new Blocks();
          const store = {
            async *get(cid: CID) {
              yield await blocks.get(cid);
            },
            put: (cid: CID, block: unknown) =>
              block instanceof Uint8Array ? blocks.put(cid.code, block) : cid,
          };
          const { cid } = await importBytes(bytes, store, {
            ...{ rawLeaves, cidVersion: 1, chunker: fixedSize({ chunkSize }) },
            layout: isTrickle
              ? trickle({ maxChildrenPerNode, layerRepeat: 2 })
              : balanced({ maxChildrenPerNode }),
          });
          const entry = await exporter(cid, store);
          const expected: Uint8Array[] = [];
          if ('content' in entry) for await (const chunk of entry.content()) expected.push(chunk);
          const found = await read(blocks, `ipfs://${cid}`);
          expect(Buffer.from(found).equals(Buffer.concat(expected))).toBe(true);
          expect(Buffer.from(found).equals(bytes)).toBe(true);
        },
      ),
      propertySettings(60),
    );
  });
});
