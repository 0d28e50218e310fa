import { importBytes } from 'ipfs-unixfs-importer';
import { fixedSize } from 'ipfs-unixfs-importer/chunker';
import { balanced } from 'ipfs-unixfs-importer/layout';
import type { CID } from 'multiformats/cid';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { importFile } from './import-file.ts';
import { CHUNK_BYTES, LINKS_PER_NODE } from './limits.ts';
import { isBlock } from './verify-block.ts';

const TABLE = [
  ['no byte', new Uint8Array(), 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku', 1],
  [
    'hello',
    new TextEncoder().encode('hello'),
    'bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq',
    1,
  ],
  // Two leaves, and the node above them.
  [
    'a byte more than a block',
    new Uint8Array(CHUNK_BYTES + 1),
    'bafybeigllfqgfpqydppr6cmv56g7ax4wyhruzswvcefv6j5kj77nzttfki',
    3,
  ],
] as const;

afterEach(() => vi.unstubAllGlobals());

test.each(TABLE)('[AS23] %s has the CID that protocol-spec gives', async (_what, bytes, cid, blocks) => {
  const file = await importFile(bytes);
  expect([file.root.toString(), file.blocks.length]).toEqual([cid, blocks]);
});

test('[AS23] equal pieces are one block', async () => {
  const { blocks } = await importFile(new Uint8Array(10 * CHUNK_BYTES));
  expect(blocks).toHaveLength(2);
});

// Two levels of nodes begin at 45 MB: the suite with a real Kubo has those.
test.each([0, 1, CHUNK_BYTES, 2 * CHUNK_BYTES, 5 * CHUNK_BYTES + 7])(
  '[AS23] a file of %i bytes becomes the same blocks as by the library of IPFS',
  async (length) => {
    const bytes = Uint8Array.from({ length }, (_, at) => (at >> 16) & 0xff);
    const others = new Set<string>();
    const store = {
      put(cid: CID): CID {
        others.add(cid.toString());
        return cid;
      },
    };
    const { cid } = await importBytes(bytes, store, {
      cidVersion: 1,
      rawLeaves: true,
      reduceSingleLeafToSelf: true,
      chunker: fixedSize({ chunkSize: CHUNK_BYTES }),
      layout: balanced({ maxChildrenPerNode: LINKS_PER_NODE }),
    });
    const { root, blocks } = await importFile(bytes);
    expect(root.toString()).toBe(cid.toString());
    expect(new Set(blocks.map((block) => block.cid.toString()))).toEqual(others);
  },
);

describe('on a page of plain http, which has no WebCrypto', () => {
  test.each(TABLE)('[AS89] %s has the same CID, and its blocks are verified', async (_what, bytes, cid) => {
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
    const { root, blocks } = await importFile(bytes);
    expect(root.toString()).toBe(cid);
    for (const block of blocks) {
      expect(await isBlock(block.cid, block.bytes)).toBe(true);
      expect(await isBlock(block.cid, Uint8Array.of(...block.bytes.subarray(0, 9), 7))).toBe(false);
    }
  });
});
