import { importFile } from '@weft/assets/blocks';
import { CID } from 'multiformats/cid';
import { identity } from 'multiformats/hashes/identity';
import { describe, expect, test, vi } from 'vitest';
import {
  ANSWER_BYTES,
  MAX_PACE_MS,
  NO_PROVIDER_MAX_AGE_S,
  PROVIDER_MAX_AGE_S,
} from '../../src/files/file-limits.ts';
import { providerAddresses } from '../../src/files/provider-addresses.ts';
import { filteredRecord, type ProviderRecord } from '../../src/files/provider-filters.ts';
import { type FilesUnderTest, filesPerTest, pattern } from './files-under-test.ts';

const KIB = 1024;
const PUBLIC_URL = 'wss://relay.example.org';
const ADDRESS = '/dns/relay.example.org/tcp/443/tls/http';
const relay = filesPerTest({ publicUrl: PUBLIC_URL });

const ask = (files: FilesUnderTest, path: string, init: RequestInit = {}) =>
  fetch(`${files.url}/routing/v1/${path}`, init);

async function providersOf(files: FilesUnderTest, cid: { toString(): string }, query = '') {
  const answer = await ask(files, `providers/${cid}${query}`);
  expect(answer.status).toBe(200);
  return Object(await answer.json()).Providers;
}

describe('who gives a block', () => {
  test('[AS86] this relay, by its public address, for each block of a file, under each of its names', async () => {
    const files = await relay();
    const { root, blocks } = await files.publish(await files.token(), pattern(600 * KIB));
    const record = {
      Schema: 'peer',
      ID: files.shelf.peerId,
      Addrs: [ADDRESS],
      Protocols: ['transport-ipfs-gateway-http'],
    };
    expect(record.ID).toMatch(/^12D3KooW[1-9A-HJ-NP-Za-km-z]{44}$/);
    for (const { cid } of blocks) expect(await providersOf(files, cid)).toEqual([record]);
    const { multihash } = root;
    const names = [CID.createV1(0x70, multihash), root.toV0(), CID.createV1(0x55, multihash)];
    for (const name of names) expect(await providersOf(files, name)).toEqual([record]);
    const answer = await ask(files, `providers/${root}`);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/json',
      'cache-control': `public, max-age=${PROVIDER_MAX_AGE_S}`,
      vary: 'Origin, Accept',
      'last-modified': expect.stringMatching(/ GMT$/),
    });
    await answer.body?.cancel();
  });

  test('[AS86] is told line by line to whoever wants that, and as a head', async () => {
    const files = await relay();
    const { root } = await files.publish(await files.token(), pattern(10));
    const headers = { accept: 'application/x-ndjson' };
    const lines = await ask(files, `providers/${root}`, { headers });
    expect(lines.headers.get('content-type')).toBe('application/x-ndjson');
    const text = await lines.text();
    expect(text.endsWith('\n')).toBe(true);
    expect(JSON.parse(text)).toMatchObject({ ID: files.shelf.peerId });
    const { root: other } = await importFile(pattern(11));
    expect(await (await ask(files, `providers/${other}`, { headers })).text()).toBe('');
    const head = await ask(files, `providers/${root}`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test('[AS87] nobody, for what is not here, waits for a file, was taken away, or is of another kind; not for long', async () => {
    const files = await relay();
    const token = await files.token();
    const { root, blocks } = await importFile(pattern(100));
    await files.send(token, 'PUT', `blocks/${root}`, blocks[0]?.bytes);
    expect((await files.get(root)).status).toBe(200);
    const gone = await files.publish(token, pattern(200));
    await files.send(token, 'DELETE', `files/${gone.root}`);
    const cbor = CID.createV1(0x71, (await importFile(pattern(101))).root.multihash);
    const inline = CID.createV1(0x55, identity.digest(pattern(5)));
    for (const cid of [root, gone.root, cbor, inline, 'bafkqaaa'])
      expect(await providersOf(files, cid)).toEqual([]);
    const answer = await ask(files, `providers/${gone.root}`);
    expect(answer.headers.get('cache-control')).toBe(`public, max-age=${NO_PROVIDER_MAX_AGE_S}`);
    await answer.body?.cancel();
    for (const query of ['?format=raw', '?format=car'])
      expect((await files.get(cbor, query)).status).toBe(404);
  });

  test('[AS86] a relay whose address has a path gives none: an HTTP provider has a host of its own', async () => {
    const files = await relay({ publicUrl: `${PUBLIC_URL}/weft` });
    const { root } = await files.publish(await files.token(), pattern(10));
    expect(await providersOf(files, root)).toEqual([]);
  });

  test('[AS86] is the same peer after a restart, and another one at another relay', async () => {
    const files = await relay();
    const { peerId } = files.shelf;
    files.disk.crash();
    await files.close();
    const next = await relay({ disk: files.disk });
    expect(next.shelf.peerId).toBe(peerId);
    await next.close();
    expect((await relay()).shelf.peerId).not.toBe(peerId);
  });

  test('[AS86] all else that a router may be asked is refused by name', async () => {
    const files = await relay();
    const { root } = await importFile(pattern(1));
    const codeOf = async (path: string, init: RequestInit = {}) => {
      const answer = await ask(files, path, init);
      return [answer.status, Object(await answer.json()).error.code];
    };
    for (const path of [
      'peers/12D3KooW',
      `ipns/${root}`,
      'providers',
      'providers/',
      `providers/${root}/x`,
      '',
    ])
      expect(await codeOf(path), path).toEqual([501, 'not-routed']);
    expect(await codeOf(`providers/${root}`, { method: 'PUT' })).toEqual([501, 'not-routed']);
    for (const text of ['none', 'b'.repeat(5000), '%00', '..%2f..%2fetc', '%', 'bafk%0d%0aset-cookie:a'])
      expect(await codeOf(`providers/${text}`), text).toEqual([422, 'bad-cid']);
  });
});

test('[AS86] a relay’s address as multiaddrs', () => {
  const table: readonly (readonly [string, readonly string[]])[] = [
    [PUBLIC_URL, [ADDRESS]],
    ['wss://relay.example.org:8443', ['/dns/relay.example.org/tcp/8443/tls/http']],
    ['wss://192.0.2.7', ['/ip4/192.0.2.7/tcp/443/tls/http']],
    ['wss://[2001:db8::7]:444', ['/ip6/2001:db8::7/tcp/444/tls/http']],
    ['wss://localhost:9', ['/dns/localhost/tcp/9/tls/http']],
    ['ws://localhost:8095', ['/ip4/127.0.0.1/tcp/8095/http', '/ip6/::1/tcp/8095/http']],
    ['ws://127.0.0.1:8095', ['/ip4/127.0.0.1/tcp/8095/http']],
    ['ws://[::1]', ['/ip6/::1/tcp/80/http']],
    ['wss://relay.example.org/weft', []],
  ];
  for (const [url, addresses] of table) expect(providerAddresses(url), url).toEqual(addresses);
});

test('[AS86] whoever asks for some protocols and networks only gets those (IPIP-484)', () => {
  const record: ProviderRecord = {
    Schema: 'peer',
    ID: '12D3KooW',
    Addrs: ['/ip4/127.0.0.1/tcp/1/http', '/ip6/::1/tcp/1/http'],
    Protocols: ['transport-ipfs-gateway-http'],
  };
  const left = (query: string) => filteredRecord(record, new URLSearchParams(query))?.Addrs.length ?? 0;
  const table: readonly (readonly [string, number])[] = [
    ['', 2],
    ['filter-protocols=', 2],
    ['filter-protocols=transport-bitswap,unknown', 0],
    ['filter-protocols=unknown,Transport-IPFS-gateway-http', 2],
    ['filter-addrs=ip4', 1],
    ['filter-addrs=IP4,ip6', 2],
    ['filter-addrs=!ip6', 1],
    ['filter-addrs=http,!ip6', 1],
    ['filter-addrs=http,!tcp', 0],
    ['filter-addrs=webtransport', 0],
    ['filter-addrs=unknown', 0],
  ];
  for (const [query, count] of table) expect(left(query), query).toBe(count);
});

describe('a gateway that is asked as IPFS nodes do', () => {
  test('[AS87] gives a block under each of its names', async () => {
    const files = await relay();
    const { root, blocks } = await files.publish(await files.token(), pattern(600 * KIB));
    const node = blocks.at(-1)?.bytes ?? new Uint8Array();
    for (const name of [root.toV0(), CID.createV1(0x55, root.multihash)]) {
      const answer = await files.get(name);
      expect(Buffer.from(await answer.arrayBuffer()).equals(node)).toBe(true);
    }
  });

  test('[AS87] its headers leave a third of the 2 KiB that Kubo takes to the proxy in front', async () => {
    const files = await relay();
    const { root } = await files.publish(await files.token(), pattern(10));
    const { headers } = await files.get(root);
    // As HTTP/2 counts them: 32 bytes more for each.
    const bytes = [...headers].reduce((sum, [name, value]) => sum + name.length + value.length + 32, 0);
    expect(bytes).toBeLessThan(1280);
  });

  test('[AS88] what is asked for beyond a second’s worth comes in its turn, and is refused only where that is far', async () => {
    const perSecond = 256 * KIB;
    const files = await relay({
      files: { servedBurstBytes: 2 * KIB * KIB, servedBytesPerSecond: perSecond },
    });
    const { root } = await files.publish(await files.token(), pattern(256 * KIB - ANSWER_BYTES));
    const burst = (2 * KIB * KIB) / perSecond;
    for (let at = 0; at < burst; at += 1) expect((await files.get(root)).status).toBe(200);
    const { timers } = files.edge;
    const idle = timers.pending;
    const waiting = [files.get(root), files.get(root)];
    await vi.waitFor(() => expect(timers.pending).toBe(idle + waiting.length));
    const { status, headers } = await files.get(root);
    expect([status, headers.get('retry-after'), headers.get('cache-control')]).toEqual([
      429,
      '3',
      'no-store',
    ]);
    await timers.advance(MAX_PACE_MS);
    for (const answer of waiting) expect((await answer).status).toBe(200);
  });
});
