import { readFile } from 'node:fs/promises';
import { IpfsSource, readAddress } from '@weft/assets';
import { importFile } from '@weft/assets/blocks';
import { systemGet } from '@weft/assets/system';
import { systemTimers } from '@weft/testing';
import { type KuboServer, startKubo } from '@weft/testing/kubo';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FilesUnderTest, pattern } from './files-under-test.ts';

const KIB = 1024;
let kubo: KuboServer;
let relay: FilesUnderTest;

beforeAll(async () => {
  kubo = await startKubo();
  relay = await FilesUnderTest.open();
});

afterAll(async () => {
  await relay?.close();
  await kubo?.stop();
});

test('[AS26] a Kubo takes a file from a relay, as a CAR and block by block', async () => {
  const bytes = pattern(900 * KIB);
  const { root, blocks } = await relay.publish(await relay.token(), bytes);
  const car = await (await relay.get(root, '?format=car')).arrayBuffer();
  const carFile = await kubo.file('chair.car', new Uint8Array(car));
  const imported = await kubo.ipfs('dag', 'import', '--pin-roots=true', '--stats', carFile);
  expect(imported).toContain(`${root}`);
  expect(imported).toContain(`Imported ${blocks.length} blocks`);
  const out = await kubo.file('out.glb', new Uint8Array());
  await kubo.ipfs('get', '--output', out, `${root}`);
  expect((await readFile(out)).equals(bytes)).toBe(true);

  const other = await relay.publish(await relay.token(), pattern(600 * KIB, 5));
  for (const { cid } of other.blocks) {
    const block = await (await relay.get(cid)).arrayBuffer();
    const file = await kubo.file('block', new Uint8Array(block));
    const codec = cid.code === 0x55 ? 'raw' : 'dag-pb';
    expect(await kubo.ipfs('block', 'put', `--cid-codec=${codec}`, file)).toBe(`${cid}`);
  }
  await kubo.ipfs('get', '--output', out, `${other.root}`);
  expect((await readFile(out)).equals(pattern(600 * KIB, 5))).toBe(true);
});

test('[AS90] a directory that a Kubo made, plain or in shards, is kept by a relay, and another takes a file of it by its path', async () => {
  const bytes = pattern(300 * KIB, 17);
  const file = await kubo.file('wood.png', bytes);
  const cid = await kubo.ipfs('add', '--quieter', '--cid-version=1', '--pin=false', file);
  for (const [threshold, folder] of [
    ['256KiB', '/plain'],
    ['1B', '/sharded'],
  ] as const) {
    await kubo.ipfs('config', '--json', 'Import.UnixFSHAMTDirectorySizeThreshold', JSON.stringify(threshold));
    await kubo.ipfs('files', 'mkdir', '--cid-version=1', folder);
    for (let at = 0; at < 12; at += 1)
      await kubo.ipfs('files', 'cp', `/ipfs/${cid}`, `${folder}/wood ${at}.png`);
    const root = await kubo.ipfs('files', 'stat', '--hash', folder);
    const refs = await kubo.ipfs('refs', '--recursive', '--unique', root);
    const token = await relay.token();
    for (const each of [root, ...refs.split('\n')]) {
      const block = await fetch(`${kubo.gatewayUrl}/ipfs/${each}?format=raw`);
      const put = await relay.send(token, 'PUT', `blocks/${each}`, new Uint8Array(await block.arrayBuffer()));
      expect(put.status).toBe(200);
    }
    expect((await relay.send(token, 'PUT', `files/${root}`, { name: 'bundle', type: '' })).status).toBe(200);
    await kubo.ipfs('files', 'rm', '--recursive', folder);
    await kubo.ipfs('repo', 'gc', '--quiet');
    const path = `${root}/wood%207.png`;
    const car = await (await relay.get(path, '?format=car&dag-scope=entity')).arrayBuffer();
    const carFile = await kubo.file('path.car', new Uint8Array(car));
    await kubo.ipfs('dag', 'import', '--pin-roots=false', carFile);
    const out = await kubo.file('out.png', new Uint8Array());
    await kubo.ipfs('get', '--output', out, `${root}/wood 7.png`);
    expect((await readFile(out)).equals(bytes)).toBe(true);
  }
});

test('[AS26] another client reads a file from a relay’s gateway, and what a Kubo made is published block by block', async () => {
  const bytes = pattern(700 * KIB, 11);
  const file = await kubo.file('table.glb', bytes);
  // Not as we would make it: a relay takes any file of UnixFS.
  const cid = await kubo.ipfs('add', '--quieter', '--cid-version=1', '--chunker=size-100000', file);
  const token = await relay.token();
  const refs = await kubo.ipfs('refs', '--recursive', '--unique', cid);
  for (const each of [cid, ...refs.split('\n')]) {
    const block = await fetch(`${kubo.gatewayUrl}/ipfs/${each}?format=raw`);
    const put = await relay.send(token, 'PUT', `blocks/${each}`, new Uint8Array(await block.arrayBuffer()));
    expect(put.status).toBe(200);
  }
  const about = { name: 'table.glb', type: 'model/gltf-binary' };
  expect((await relay.send(token, 'PUT', `files/${cid}`, about)).status).toBe(200);
  expect((await importFile(bytes)).root.toString()).not.toBe(cid);

  const source = new IpfsSource({
    ...{ client: null, shelf: null, gateways: () => [relay.url] },
    ...{ get: systemGet(['localhost']), timers: systemTimers },
  });
  const address = readAddress(`ipfs://${cid}`);
  if (address?.scheme !== 'ipfs') throw new TypeError(cid);
  const { signal } = new AbortController();
  const given = await source.fetch(address, { maxBytes: bytes.length, signal });
  expect(Buffer.from(given.bytes).equals(bytes)).toBe(true);
});
