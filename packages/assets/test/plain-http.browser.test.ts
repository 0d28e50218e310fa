import { createHash } from 'node:crypto';
import { type PageServer, pages } from '@weft/testing/browser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveAssetPages } from './page-server.ts';
import { PAGE_START_MS } from './serve-page.ts';

const LENGTH = 262_145;
/** As protocol-spec gives it. */
const CID = 'bafybeigllfqgfpqydppr6cmv56g7ax4wyhruzswvcefv6j5kj77nzttfki';

let server: PageServer;

beforeAll(async () => {
  server = await serveAssetPages('/plain.ts');
}, PAGE_START_MS);

afterAll(() => server.close());

test.each([
  ['of plain http, without WebCrypto', 'http://weft.test', false],
  ['that browsers trust', '', true],
])(
  '[AS89] a page %s makes the same blocks of a file, and verifies them',
  async (_what, origin, hasCrypto) => {
    const [page] = await pages(1);
    // Another name than one of this machine: only those are trusted without TLS.
    await page.route('http://weft.test/**', async (route) => {
      const at = new URL(route.request().url());
      await route.fulfill({ response: await route.fetch({ url: server.url + at.pathname + at.search }) });
    });
    await page.goto(`${origin === '' ? server.url : origin}/plain.html`);
    await page.waitForFunction(() => window.plain !== undefined);
    const sha256 = createHash('sha256').update(new Uint8Array(LENGTH)).digest('hex');
    expect(await page.evaluate((length) => window.plain?.publish(length), LENGTH)).toEqual([
      ...[hasCrypto, CID, sha256, true],
    ]);
  },
);
