import { FakeTimers } from '@weft/testing';
import { describe, expect, test } from 'vitest';
import { AssetError } from '../asset-error.ts';
import { importFile } from './import-file.ts';
import { IpfsSink } from './ipfs-sink.ts';
import { RelayHost, type SendRequest } from './relay-host.ts';

const FILE = new Uint8Array(300 * 1024).fill(7);
const about = { name: 'chair.glb', type: 'model/gltf-binary', signal: new AbortController().signal };

/** A relay that answers as it is told, in turn, and then takes everything. */
function relay(...answers: readonly (readonly [status: number, headers?: Record<string, string>])[]) {
  const timers = new FakeTimers();
  const asked: { readonly path: string; readonly token: string }[] = [];
  const left = [...answers];
  const send: SendRequest = async (url, { headers }) => {
    asked.push({ path: new URL(url).pathname, token: headers.authorization ?? '' });
    const [status, own = {}] = left.shift() ?? [200];
    const body = status === 200 ? {} : { error: { code: 'x', message: `the relay says ${status}` } };
    return new Response(JSON.stringify(body), { status, headers: own });
  };
  let tokens = 0;
  const host = new RelayHost({
    ...{ base: 'https://relay.example', room: '!plaza:example.org', fetch: send, timers },
    token: async () => {
      tokens += 1;
      return `token-${tokens}`;
    },
  });
  return { host, asked, timers, tokens: () => tokens };
}

describe('publishing at a relay', () => {
  test('[AS27] puts every block, and then says that they are a file', async () => {
    const { host, asked, tokens } = relay();
    const file = await importFile(FILE);
    const sent: number[] = [];
    await host.publish(file, { ...about, onSent: (bytes) => sent.push(bytes) });
    expect(sent.at(-1)).toBe(file.blocks.reduce((sum, { bytes }) => sum + bytes.length, 0));
    const room = '/v1/worlds/!plaza%3Aexample.org';
    expect(asked.map(({ path }) => path)).toEqual([
      ...file.blocks.map(({ cid }) => `${room}/blocks/${cid}`),
      `${room}/files/${file.root}`,
    ]);
    expect(new Set(asked.map(({ token }) => token)).size).toBe(tokens());
  });

  test('[AS27] opens another session once where one has ended, and not for ever', async () => {
    const file = await importFile(new Uint8Array(1));
    const once = relay([401]);
    await once.host.publish(file, about);
    expect(once.tokens()).toBe(2);
    const always = relay(...Array.from({ length: 5 }, () => [401] as const));
    await expect(always.host.publish(file, about)).rejects.toMatchObject({ code: 'denied' });
    expect(always.asked).toHaveLength(2);
  });

  test('[AS27] waits as long as a busy relay says, and then goes on', async () => {
    const { host, timers, asked } = relay([429, { 'retry-after': '3' }], [429]);
    const published = host.publish(await importFile(new Uint8Array(1)), about);
    await timers.advance(2_999);
    expect(asked).toHaveLength(1);
    await timers.advance(1_001);
    await published;
    expect(asked).toHaveLength(4);
    expect(timers.pending).toBe(0);
  });

  test.each([
    [403, 'denied'],
    [507, 'too-large'],
    [413, 'too-large'],
    [404, 'unsupported-source'],
    [500, 'unreachable'],
  ])('[AS27] is refused by name where the relay answers %i', async (status, code) => {
    const { host } = relay([status]);
    await expect(host.publish(await importFile(new Uint8Array(1)), about)).rejects.toMatchObject({
      ...{ name: 'AssetError', code },
      message: expect.stringContaining(`the relay says ${status}`),
    });
  });
});

describe('publishing to IPFS', () => {
  const root = 'bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq';
  const hello = new TextEncoder().encode('hello');
  const away = new AssetError('unreachable', { what: 'a', expected: 'b', got: 'nothing', hint: 'c' });
  const failing = { name: 'one', publish: () => Promise.reject(away) };
  const client = { cat: () => Promise.reject(away), add: async () => root };

  test('[AS29] is done once a node or a relay has the file, and this device keeps it too', async () => {
    const kept: string[] = [];
    const shelf = {
      read: async () => null,
      keep: async (sha256: string) => {
        kept.push(sha256);
      },
    };
    const taking = { name: 'two', publish: async () => undefined };
    const sink = new IpfsSink({ client: null, shelf, hosts: () => [failing, taking] });
    expect(await sink.store(hello, about)).toBe(`ipfs://${root}`);
    expect(kept).toEqual(['2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824']);
    const byNode = new IpfsSink({ client, shelf: null, hosts: () => [failing] });
    expect(await byNode.store(hello, about)).toBe(`ipfs://${root}`);
  });

  test('[AS29] is refused where nobody else could read the file', async () => {
    const alone = new IpfsSink({ client: null, shelf: null, hosts: () => [] });
    await expect(alone.store(hello, about)).rejects.toMatchObject({ code: 'unsupported-source' });
    const failed = new IpfsSink({
      ...{ client: { ...client, add: () => Promise.reject(away) }, shelf: null },
      hosts: () => [failing],
    });
    await expect(failed.store(hello, about)).rejects.toMatchObject({
      code: 'unavailable',
      attempts: [{ source: 'the IPFS node' }, { source: 'one' }],
    });
  });
});
