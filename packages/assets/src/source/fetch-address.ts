import { unreachable } from '@weft/core';
import { AssetError, shownAddress } from '../asset-error.ts';
import { type AddressOf, type AssetAddress, type AssetScheme, readAddress } from '../reference/address.ts';
import type { AssetSource, FetchedFile, FetchFileOptions } from './asset-source.ts';

/** A source for each scheme that can be followed here. */
export type AssetSources = { readonly [Scheme in AssetScheme]?: AssetSource<Scheme> };

/**
 * The file at one address, from the source of its scheme. @throws AssetError `unsupported-source`, and as the source does
 */
export async function fetchAddress(
  sources: AssetSources,
  text: string,
  options: FetchFileOptions,
): Promise<FetchedFile> {
  const address = readAddress(text);
  if (address === null) throw unsupported(text, Object.keys(sources));
  const fetched = ask(sources, address, options);
  if (fetched === null) throw unsupported(text, Object.keys(sources));
  return fetched;
}

function ask(
  sources: AssetSources,
  address: AssetAddress,
  options: FetchFileOptions,
): Promise<FetchedFile> | null {
  switch (address.scheme) {
    case 'mxc':
      return through(sources.mxc, address, options);
    case 'ipfs':
      return through(sources.ipfs, address, options);
    case 'https':
      return through(sources.https, address, options);
    case 'data':
      return through(sources.data, address, options);
    default:
      return unreachable(address);
  }
}

function through<Scheme extends AssetScheme>(
  source: AssetSource<Scheme> | undefined,
  address: AddressOf<Scheme>,
  options: FetchFileOptions,
): Promise<FetchedFile> | null {
  return source === undefined ? null : source.fetch(address, options);
}

function unsupported(text: string, schemes: readonly string[]): AssetError {
  return new AssetError('unsupported-source', {
    what: `fetch ${shownAddress(text)}`,
    expected: `an address of ${schemes.map((scheme) => `${scheme}:`).join(', ')}`,
    got: text === '' ? 'none' : 'one that is not followed here',
    hint: 'Publish the file, so that it has such an address.',
  });
}
