import { AssetError, type AssetSources, fetchAddress } from '@weft/assets';
import { type DownloadOptions, HomeserverError, type HomeserverErrorCode, type MxcUri } from '@weft/matrix';
import { FakeTimers } from '@weft/testing';
import { sourceContract } from '@weft/testing/assets';
import { TwinServer } from '@weft/testing/homeserver';
import { expect, test } from 'vitest';
import { mediaSource } from './media-source.ts';

sourceContract('[AS3] files of a media repository', async () => {
  const server = new TwinServer({ timers: new FakeTimers() });
  const homeserver = server.connect('ann');
  return {
    scheme: 'mxc',
    sources: { mxc: mediaSource(homeserver) },
    put: async (bytes, type) => server.store(bytes, type),
    missing: `mxc://${server.name}/${'A'.repeat(24)}`,
    stuck: null,
    stop: async () => homeserver.stop(),
  };
});

const SRC = 'mxc://example.org/abc';

function failing(code: HomeserverErrorCode): AssetSources {
  return {
    mxc: mediaSource({
      download(uri: MxcUri, _options: DownloadOptions) {
        throw new HomeserverError(code, { what: `download ${uri}`, got: 'what the server said' });
      },
    }),
  };
}

test.each<[HomeserverErrorCode, string]>([
  ['not-found', 'missing'],
  ['unknown-token', 'denied'],
  ['forbidden', 'denied'],
  ['unreachable', 'unreachable'],
  ['server', 'unreachable'],
  ['rate-limited', 'unreachable'],
  ['too-large', 'too-large'],
  ['aborted', 'aborted'],
])('what a homeserver calls %s is to whoever wants a file: %s', async (said, code) => {
  const { signal } = new AbortController();
  const error: unknown = await fetchAddress(failing(said), SRC, { maxBytes: 10, signal }).catch((it) => it);
  expect(error).toBeInstanceOf(AssetError);
  expect(error).toMatchObject({ code, message: expect.stringContaining(SRC) });
});
