import { readFile } from 'node:fs/promises';
import { TLS_IDENTITY } from '@weft/testing/assets/server';
import { type KuboServer, startKubo } from '@weft/testing/kubo';
import { CID } from 'multiformats/cid';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { FilesUnderTest, pattern } from './files-under-test.ts';
import { TlsFront } from './tls-front.ts';

const KIB = 1024;
const TICK_MS = 20;
let front: TlsFront;
let relay: FilesUnderTest;
let kubo: KuboServer;
let clock: ReturnType<typeof setInterval>;

beforeAll(async () => {
  front = await TlsFront.start();
  relay = await FilesUnderTest.open({
    publicUrl: `wss://localhost:${front.port}`,
    // So little that a file of some mebibytes has to wait for it.
    files: { servedBurstBytes: 2 * KIB * KIB, servedBytesPerSecond: 8 * KIB * KIB },
  });
  front.target = relay.url;
  clock = setInterval(() => void relay.edge.timers.advance(TICK_MS), TICK_MS);
  kubo = await startKubo({ routers: [front.url], authorities: TLS_IDENTITY.cert });
});

beforeEach(() => front.answered.splice(0));

afterAll(async () => {
  clearInterval(clock);
  await kubo?.stop();
  await front?.close();
  await relay?.close();
});

const cat = async (path: string): Promise<Buffer> => {
  const out = await kubo.file('out.glb', new Uint8Array());
  await kubo.ipfs('get', '--timeout=30s', '--output', out, path);
  return readFile(out);
};
const asked = (method: string, path: string) =>
  front.answered.filter((line) => line.startsWith(`HTTP/2.0 ${method} ${path}`));

test('[AS85] a Kubo that was told of nothing but a relay finds the file there, and fetches it by itself', async () => {
  const bytes = pattern(900 * KIB);
  const { root, blocks } = await relay.publish(await relay.token(), bytes);
  expect((await cat(`${root}`)).equals(bytes)).toBe(true);
  expect(asked('GET', `/routing/v1/providers/${root}`)).toHaveLength(1);
  expect(asked('HEAD', '/ipfs/bafkqaaa?format=raw').length).toBeGreaterThan(0);
  for (const { cid } of blocks)
    expect(asked('GET', `/ipfs/${cid}?format=raw`)).toEqual([`HTTP/2.0 GET /ipfs/${cid}?format=raw 200`]);
  expect(await kubo.ipfs('routing', 'findprovs', `${root}`)).toBe(relay.shelf.peerId);
});

test('[AS85] pins a file of a relay, also by the older name of its root, and has it then without the relay', async () => {
  const bytes = pattern(700 * KIB, 5);
  const { root } = await relay.publish(await relay.token(), bytes);
  const old = CID.parse(`${root}`).toV0();
  expect(await kubo.ipfs('pin', 'add', '--timeout=30s', `${old}`)).toBe(`pinned ${old} recursively`);
  await relay.send(await relay.token(), 'DELETE', `files/${root}`);
  front.answered.splice(0);
  expect((await cat(`${old}`)).equals(bytes)).toBe(true);
  expect(asked('GET', '/ipfs/')).toEqual([]);
});

test('[AS88] a Kubo that asks for more than the relay gives a second waits for it, and is not sent away', async () => {
  const bytes = pattern(6 * KIB * KIB, 7);
  const { root } = await relay.publish(await relay.token(), bytes);
  expect((await cat(`${root}`)).equals(bytes)).toBe(true);
  expect(front.answered.filter((line) => !line.endsWith(' 200'))).toEqual([]);
});

test('[AS87] what was taken away, and blocks of a kind that no relay has, nobody provides; the Kubo says so and goes on', async () => {
  const { root } = await relay.publish(await relay.token(), pattern(500 * KIB, 9));
  await relay.send(await relay.token(), 'DELETE', `files/${root}`);
  const cbor = 'bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua';
  for (const cid of [`${root}`, cbor]) {
    const answer = await fetch(`${kubo.gatewayUrl}/ipfs/${cid}?format=raw`);
    expect([answer.status, await answer.text()]).toEqual([
      504,
      expect.stringContaining('no providers found'),
    ]);
    expect(asked('HEAD', `/ipfs/${cid}`)).toEqual([`HTTP/2.0 HEAD /ipfs/${cid}?format=raw 404`]);
    const next = pattern(300 * KIB, cid.length);
    const { root: other } = await relay.publish(await relay.token(), next);
    expect((await cat(`${other}`)).equals(next)).toBe(true);
  }
});
