import { expect, test } from 'vitest';
import { importFile } from './import-file.ts';
import { CHUNK_BYTES } from './limits.ts';

test.each([
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
])('[AS23] %s has the CID that protocol-spec gives', async (_what, bytes, cid, blocks) => {
  const file = await importFile(bytes);
  expect([file.root.toString(), file.blocks.length]).toEqual([cid, blocks]);
});

test('[AS23] equal pieces are one block', async () => {
  const { blocks } = await importFile(new Uint8Array(10 * CHUNK_BYTES));
  expect(blocks).toHaveLength(2);
});
