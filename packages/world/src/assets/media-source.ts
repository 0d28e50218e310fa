import { type AssetError, type AssetSource, type SourceErrorCode, sourceError, tooLarge } from '@weft/assets';
import { type Homeserver, HomeserverError, type HomeserverErrorCode, isMxcUri } from '@weft/matrix';

/** Files of the media repositories of Matrix, through this user's homeserver: no other server is asked, or sees the token. */
export function mediaSource(homeserver: Pick<Homeserver, 'download'>): AssetSource<'mxc'> {
  return {
    scheme: 'mxc',
    async fetch({ text }, options) {
      if (!isMxcUri(text)) throw sourceError('missing', text, 'an address that no homeserver can have');
      try {
        return await homeserver.download(text, options);
      } catch (error) {
        throw assetErrorOf(text, options.maxBytes, error);
      }
    },
  };
}

/** What each answer of a homeserver means to whoever wants a file. */
const CODES: Readonly<Record<Exclude<HomeserverErrorCode, 'too-large'>, SourceErrorCode>> = {
  unreachable: 'unreachable',
  'not-a-homeserver': 'unreachable',
  'unknown-token': 'denied',
  forbidden: 'denied',
  'not-found': 'missing',
  'rate-limited': 'unreachable',
  'bad-event': 'unreachable',
  'in-use': 'unreachable',
  unsupported: 'unreachable',
  server: 'unreachable',
  'not-a-world': 'unreachable',
  encrypted: 'unreachable',
  'bad-upgrade': 'unreachable',
  incomplete: 'unreachable',
  aborted: 'aborted',
  closed: 'unreachable',
};

function assetErrorOf(address: string, maxBytes: number, error: unknown): AssetError | unknown {
  if (!(error instanceof HomeserverError)) return error;
  if (error.code === 'too-large') return tooLarge(address, maxBytes + 1, maxBytes);
  return sourceError(CODES[error.code], address, error.got, error);
}
