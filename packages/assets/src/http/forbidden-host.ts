import { AssetError } from '../asset-error.ts';

/** An address that strangers may not make this program ask. */
export function forbiddenHost(url: URL, got: string): AssetError {
  return new AssetError('forbidden-address', {
    what: `fetch from ${url.host}`,
    expected: 'a server on the public internet',
    got,
    hint: 'Put the file where everybody can reach it; whoever runs this program can allow a private address.',
  });
}
