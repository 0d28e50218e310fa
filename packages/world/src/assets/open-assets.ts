import {
  AssetLoader,
  type AssetSink,
  type AssetSources,
  type CacheOption,
  dataSource,
  fetchAddress,
  httpsSource,
  type LoadDeadlines,
} from '@weft/assets';
import { openAssetCache, startFileHash, systemGet } from '@weft/assets/system';
import type { FetchBlob, Homeserver, Timers } from '@weft/matrix';
import { mxcSink } from '../model/publish.ts';
import { mediaSource } from './media-source.ts';
import { type IpfsOptions, WorldIpfs } from './world-ipfs.ts';

/** Where the files of a world come from, and where they are kept. */
export interface AssetOptions extends IpfsOptions {
  /** Where files are kept once they were loaded. Default: the browser's storage; in Node the memory of this program. */
  readonly cache?: CacheOption;
  /**
   * Private addresses that files may come from by `https:` and from gateways, as ranges (`10.1.0.0/16`) and host names. Default none: what a
   * builder wrote makes nobody ask a private address.
   */
  readonly allowed?: readonly string[];
  /** How long loading may take, in milliseconds. Default: 180 s a source, 300 s in all, 30 s without progress. */
  readonly deadlines?: Partial<LoadDeadlines>;
}

/** The files of one world. */
export interface OpenAssets {
  readonly loader: AssetLoader;
  readonly ipfs: WorldIpfs;
  /** Files of layers and bundles that lie outside of Matrix. */
  readonly fetchBlob: FetchBlob;
  /** Where files are published. */
  readonly sinks: readonly AssetSink[];
}

/** @throws WeftError `invalid-value` for options that cannot be here */
export async function openAssets(
  homeserver: Pick<Homeserver, 'download' | 'upload'>,
  timers: Timers,
  { cache: where, allowed, deadlines = {}, ...options }: AssetOptions,
): Promise<OpenAssets> {
  const get = systemGet(allowed);
  const cache = await openAssetCache(where);
  // What was published is kept like what was loaded: both are known by their hash.
  const ipfs = new WorldIpfs({ options, get, timers, shelf: cache });
  const sources: AssetSources = {
    mxc: mediaSource(homeserver),
    ipfs: ipfs.source,
    https: httpsSource(get),
    data: dataSource,
  };
  const never = new AbortController().signal;
  return {
    loader: new AssetLoader({
      ...{ sources, timers, startHash: startFileHash, deadlines, cache },
    }),
    ipfs,
    fetchBlob: async (source, { maxBytes, signal = never }) =>
      (await fetchAddress(sources, source, { maxBytes, signal })).bytes,
    sinks: [mxcSink(homeserver), ipfs.sink],
  };
}
