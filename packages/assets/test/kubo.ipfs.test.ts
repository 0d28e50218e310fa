import { systemTimers } from '@weft/testing';
import { BEHAVIOURS, FileServer, sourceContract } from '@weft/testing/assets';
import { type KuboServer, startKubo } from '@weft/testing/kubo';
import { create as createIpfsHttpClient } from 'ipfs-http-client';
import { create as createKuboRpcClient } from 'kubo-rpc-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AssetError } from '../src/asset-error.ts';
import { webGet } from '../src/http/web-get.ts';
import { connectKubo } from '../src/ipfs/connect-kubo.ts';
import { importFile } from '../src/ipfs/import-file.ts';
import { type IpfsClient, ipfsClientOf } from '../src/ipfs/ipfs-client.ts';
import { IpfsSource } from '../src/ipfs/ipfs-source.ts';
import { readAddress } from '../src/reference/address.ts';

const KIB = 1024;
const MIB = KIB * KIB;
const live = new AbortController().signal;

function pattern(length: number, seed = 31): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (at * seed + (at >> 8) + (at >> 16)) & 0xff);
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof AssetError ? error.code : String(error)),
  );

let kubo: KuboServer;

beforeAll(async () => {
  kubo = await startKubo();
});

afterAll(() => kubo?.stop());

describe.each<readonly [string, () => Promise<IpfsClient> | IpfsClient]>([
  ['what a configuration names', () => connectKubo(kubo.rpcUrl)],
  ['kubo-rpc-client', () => ipfsClientOf(createKuboRpcClient({ url: kubo.rpcUrl }))],
  ['ipfs-http-client', () => ipfsClientOf(createIpfsHttpClient({ url: kubo.rpcUrl }))],
])('an IPFS client by %s', (_name, make) => {
  test.each([0, 1, 256 * KIB, 256 * KIB + 1, 3 * MIB])(
    '[AS24] gives back a file of %i bytes',
    async (length) => {
      const client = await make();
      const bytes = pattern(length);
      const cid = await client.add(bytes, { signal: live });
      let starts = 0;
      const options = { maxBytes: length, signal: live, onStart: () => (starts += 1) };
      expect(Buffer.from(await client.cat(cid, options)).equals(bytes)).toBe(true);
      expect(starts).toBe(length === 0 ? 0 : 1);
      expect(await kubo.ipfs('pin', 'ls', '--quiet', '--type=recursive', cid)).toBe(cid);
    },
  );

  test('[AS24] refuses more than was asked for, what is no file and what nobody has, by name', async () => {
    const client = await make();
    const cid = await client.add(pattern(3 * MIB), { signal: live });
    expect(await codeOf(client.cat(cid, { maxBytes: 3 * MIB - 1, signal: live }))).toBe('too-large');
    const { root } = await importFile(pattern(1000, 77));
    expect(await codeOf(client.cat(root.toString(), { maxBytes: MIB, signal: live }))).toBe('missing');
    const directory = await kubo.ipfs('files', 'stat', '--hash', '/');
    expect(await codeOf(client.cat(directory, { maxBytes: MIB, signal: live }))).toBe('unreadable');
    expect(await codeOf(client.cat(`${cid}/below`, { maxBytes: MIB, signal: live }))).toBe('unreadable');
  });

  test('[AS24] ends when it is broken off', async () => {
    const client = await make();
    const cid = await client.add(pattern(MIB), { signal: live });
    const signal = AbortSignal.abort();
    expect(await codeOf(client.cat(cid, { maxBytes: MIB, signal }))).toBe('aborted');
    expect(await codeOf(client.add(pattern(MIB, 3), { signal }))).toBe('aborted');
    const onTheWay = new AbortController();
    const options = { maxBytes: MIB, signal: onTheWay.signal, onStart: () => onTheWay.abort() };
    expect(await codeOf(client.cat(cid, options))).toBe('aborted');
  });
});

test('[AS24] a node that is away is unreachable', async () => {
  const client = await connectKubo('http://127.0.0.1:9');
  expect(await codeOf(client.add(pattern(1), { signal: live }))).toBe('unreachable');
  expect(await codeOf(client.cat('bafkqaaa', { maxBytes: 1, signal: live }))).toBe('unreachable');
});

test('[AS23] the same bytes have the same CID here and by `ipfs add --cid-version=1 --raw-leaves`', async () => {
  const lengths = [
    0,
    1,
    256 * KIB - 1,
    256 * KIB,
    256 * KIB + 1,
    MIB + 7,
    174 * 256 * KIB,
    174 * 256 * KIB + 1,
  ];
  for (const length of lengths) {
    const bytes = pattern(length);
    const path = await kubo.file('file.glb', bytes);
    const cid = await kubo.ipfs('add', '--quieter', '--cid-version=1', '--raw-leaves', path);
    expect((await importFile(bytes)).root.toString(), `${length} bytes`).toBe(cid);
  }
});

describe('what a Kubo holds, read block by block from its gateway', () => {
  const read = (text: string, maxBytes = 8 * MIB) => {
    const source = new IpfsSource({
      ...{ client: null, shelf: null, gateways: () => [kubo.gatewayUrl] },
      ...{ get: webGet(['127.0.0.1']), timers: systemTimers },
    });
    const address = readAddress(text);
    if (address?.scheme !== 'ipfs') throw new TypeError(text);
    return source.fetch(address, { maxBytes, signal: live });
  };

  test.each([
    ['as we add it', ['--cid-version=1', '--raw-leaves']],
    ['as of old', ['--cid-version=0']],
    ['in blocks of nodes', ['--cid-version=1', '--raw-leaves=false', '--chunker=size-65536']],
    ['in many small blocks, and trickled', ['--cid-version=1', '--trickle', '--chunker=size-16384']],
    ['in blocks of a mebibyte', ['--cid-version=1', '--chunker=size-1048576']],
    ['cut by content', ['--cid-version=1', '--chunker=rabin']],
  ])('[AS20] a file %s comes as it was', async (_how, options) => {
    const bytes = pattern(3 * MIB + 5, 13);
    const path = await kubo.file('chair.glb', bytes);
    const cid = await kubo.ipfs('add', '--quieter', ...options, path);
    expect(Buffer.from((await read(`ipfs://${cid}`)).bytes).equals(bytes)).toBe(true);
  });

  test('[AS20] a file in a directory, plain or in shards, comes by its name', async () => {
    const path = await kubo.file('a b.glb', pattern(1000));
    const cid = await kubo.ipfs('add', '--quieter', '--cid-version=1', path);
    await kubo.ipfs('files', 'mkdir', '/shared');
    await kubo.ipfs('files', 'cp', `/ipfs/${cid}`, '/shared/a b.glb');
    const plain = await kubo.ipfs('files', 'stat', '--hash', '/shared');
    expect((await read(`ipfs://${plain}/a%20b.glb`)).bytes).toEqual(pattern(1000));
    await kubo.ipfs('config', '--json', 'Import.UnixFSHAMTDirectorySizeThreshold', '"1B"');
    for (let at = 0; at < 12; at += 1)
      await kubo.ipfs('files', 'cp', `/ipfs/${cid}`, `/shared/chair-${at}.glb`);
    const sharded = await kubo.ipfs('files', 'stat', '--hash', '/shared');
    expect((await read(`ipfs://${sharded}/chair-7.glb`)).bytes).toEqual(pattern(1000));
    expect(await codeOf(read(`ipfs://${sharded}/chair-99.glb`))).toBe('missing');
  });

  test('[AS21] what it has not got is missing', async () => {
    const { root } = await importFile(pattern(1234, 91));
    expect(await codeOf(read(`ipfs://${root}`))).toBe('missing');
  });
});

sourceContract('ipfs: addresses by a configured node', async () => {
  const client = await connectKubo(kubo.rpcUrl);
  const source = new IpfsSource({
    ...{ client, shelf: null, gateways: () => [], get: webGet(), timers: systemTimers },
  });
  return {
    ...{ scheme: 'ipfs', sources: { ipfs: source }, stuck: null },
    put: async (bytes) => `ipfs://${await client.add(bytes, { signal: live })}`,
    missing: `ipfs://${(await importFile(pattern(4321, 7))).root}`,
    stop: async () => undefined,
  };
});

sourceContract('ipfs: addresses by trustless gateways', async () => {
  const other = await FileServer.start({ tls: false });
  const stuck = (await importFile(pattern(999, 5))).root;
  other.at(`/ipfs/${stuck}?format=raw`, BEHAVIOURS.silent());
  const source = new IpfsSource({
    ...{ client: null, shelf: null, gateways: () => [kubo.gatewayUrl, `http://127.0.0.1:${other.port}`] },
    ...{ get: webGet(['127.0.0.1']), timers: systemTimers },
  });
  return {
    ...{ scheme: 'ipfs', sources: { ipfs: source }, stuck: `ipfs://${stuck}` },
    async put(bytes) {
      const path = await kubo.file(`put-${bytes.length}.glb`, bytes);
      return `ipfs://${await kubo.ipfs('add', '--quieter', '--cid-version=1', path)}`;
    },
    missing: `ipfs://${(await importFile(pattern(4321, 7))).root}`,
    stop: () => other.close(),
  };
});
