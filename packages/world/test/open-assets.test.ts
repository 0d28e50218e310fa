import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { isBlobSource } from '@weft/core';
import { systemTimers } from '@weft/matrix';
import { until } from '@weft/testing';
import { BEHAVIOURS, FileServer, TLS_IDENTITY } from '@weft/testing/assets';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AssetOptions, openAssets } from '../src/assets/open-assets.ts';

setDefaultCACertificates([...getCACertificates(), TLS_IDENTITY.cert]);

const FILE = new TextEncoder().encode('glTF of a chair');
const notAsked = () => Promise.reject(new Error('not asked'));
const homeserver = { download: notAsked, upload: notAsked };
let server: FileServer;
let src: string;

beforeEach(async () => {
  server = await FileServer.start();
  server.at('/chair', BEHAVIOURS.gives(FILE));
  src = `https://127.0.0.1:${server.port}/chair`;
});

afterEach(() => server.close());

const open = (options: AssetOptions) => openAssets(homeserver, systemTimers, options);

describe('the files of a world', () => {
  test('[AS13] of layers outside of Matrix come over judged connections, within the bound', async () => {
    const [address = expect.fail()] = [src].filter(isBlobSource);
    const { fetchBlob } = await open({ allowed: ['127.0.0.1/32'] });
    expect(await fetchBlob(address, { maxBytes: FILE.length })).toEqual(FILE);
    await expect(fetchBlob(address, { maxBytes: FILE.length - 1 })).rejects.toMatchObject({
      code: 'too-large',
    });
    await expect(fetchBlob(address, { maxBytes: 99, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'aborted',
    });
    const asked = server.connections;
    const strict = await open({});
    await expect(strict.fetchBlob(address, { maxBytes: 99 })).rejects.toMatchObject({
      code: 'forbidden-address',
    });
    expect(server.connections).toBe(asked);
  });

  test('[AS11] are kept in a directory for the next program', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'weft-assets-'));
    try {
      const options = { cache: directory, allowed: ['127.0.0.1/32'] };
      const first = await (await open(options)).loader.load({ src });
      expect(first.from).toBe(src);
      await until(async () => (await readdir(directory)).includes(first.sha256));
      const again = await (await open({ ...options, allowed: [] })).loader.load({
        src,
        sha256: first.sha256,
      });
      expect([again.from, again.bytes, server.requests.length]).toEqual(['cache', FILE, 1]);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  test('are kept nowhere where that is wanted, and options that cannot be here are refused', async () => {
    const { loader } = await open({ cache: 'none', allowed: ['127.0.0.1/32'] });
    const { sha256 } = await loader.load({ src });
    await loader.load({ src, sha256 });
    expect(server.requests).toHaveLength(2);
    await expect(open({ cache: 'device' })).rejects.toMatchObject({ code: 'invalid-value' });
    await expect(open({ allowed: ['10.0.0.0/99'] })).rejects.toMatchObject({ code: 'invalid-value' });
  });
});
