import { AssetError } from '@weft/assets';
import { type DownloadOptions, HomeserverError, type MxcUri, parseMxcUri } from '@weft/matrix';
import { describe, expect, test } from 'vitest';
import { fetchAsset, MAX_ASSET_BYTES, uploadAsset } from './assets.ts';

const SRC = parseMxcUri('mxc://example.org/abc');
const HELLO = new TextEncoder().encode('hello');
const HELLO_SHA256 = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

function serverWith(answer: () => Uint8Array) {
  const asked: { uri: MxcUri; options: DownloadOptions }[] = [];
  return {
    asked,
    async download(uri: MxcUri, options: DownloadOptions) {
      asked.push({ uri, options });
      return { bytes: answer(), type: null };
    },
  };
}

const failing = (code: 'not-found' | 'too-large' | 'unreachable') =>
  serverWith(() => {
    throw new HomeserverError(code, { what: 'download', got: 'an error' });
  });

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toSatisfy((it) => it instanceof AssetError || it instanceof HomeserverError);
  return error instanceof AssetError || error instanceof HomeserverError ? error.code : '';
}

describe('fetching', () => {
  test('mxc: comes from the homeserver, under the default bound', async () => {
    const server = serverWith(() => HELLO);
    expect(await fetchAsset(server, SRC)).toEqual(HELLO);
    expect(server.asked).toEqual([{ uri: SRC, options: { maxBytes: MAX_ASSET_BYTES } }]);
  });

  test('the hash is checked, in either case', async () => {
    const server = serverWith(() => HELLO);
    expect(await fetchAsset(server, SRC, { sha256: HELLO_SHA256.toUpperCase() })).toEqual(HELLO);
    expect(await codeOf(fetchAsset(server, SRC, { sha256: '0'.repeat(64) }))).toBe('wrong-hash');
  });

  test('the bound and the signal reach the homeserver', async () => {
    const server = serverWith(() => HELLO);
    const { signal } = new AbortController();
    await fetchAsset(server, SRC, { maxBytes: 7, signal });
    expect(server.asked[0]?.options).toEqual({ maxBytes: 7, signal });
  });

  test('data: needs no homeserver', async () => {
    const server = serverWith(() => HELLO);
    expect(await fetchAsset(server, 'data:;base64,aGVsbG8=', { sha256: HELLO_SHA256 })).toEqual(HELLO);
    expect(server.asked).toEqual([]);
  });

  test.each([
    'https://example.org/a',
    'http://127.0.0.1/',
    'file:///etc/passwd',
    'mxc://a/../b',
    'blob:a',
    '',
  ])('the address %j is never followed', async (src) => {
    const server = serverWith(() => HELLO);
    expect(await codeOf(fetchAsset(server, src))).toBe('unsupported-source');
    expect(server.asked).toEqual([]);
  });

  test.each([
    ['data:,abcdef', 5, 'unreadable'],
    ['data:;base64,!', 5, 'unreadable'],
  ])('%s within %i bytes: %s', async (src, maxBytes, code) => {
    expect(await codeOf(fetchAsset(failing('not-found'), src, { maxBytes }))).toBe(code);
  });

  test('what the homeserver says is named from the point of view of the asset', async () => {
    expect(await codeOf(fetchAsset(failing('not-found'), SRC))).toBe('missing');
    expect(await codeOf(fetchAsset(failing('too-large'), SRC))).toBe('too-large');
    expect(await codeOf(fetchAsset(failing('unreachable'), SRC))).toBe('unreachable');
  });
});

test('an upload says where the file is, what it hashes to, and how long it is', async () => {
  const server = { upload: async () => SRC };
  const ref = await uploadAsset(server, HELLO, { name: 'hello.txt', type: 'text/plain' });
  expect(ref).toEqual({ src: SRC, sha256: HELLO_SHA256, bytes: 5 });
});
