import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { AssetError, MAX_GLB_BYTES, readDataUri } from '@weft/assets';
import { type Homeserver, HomeserverError, isMxcUri } from '@weft/matrix';

/** What `fetchAsset` takes at most where its caller names no bound. */
export const MAX_ASSET_BYTES = MAX_GLB_BYTES;

/** A file that the homeserver keeps, as objects refer to it. */
export interface AssetRef {
  /** `mxc://server/media`. */
  readonly src: string;
  /** Of the whole file, 64 lowercase hexadecimal digits. */
  readonly sha256: string;
  readonly bytes: number;
}

export interface UploadOptions {
  /** The file's name, as people see it. */
  readonly name: string;
  /** The media type, such as `model/gltf-binary`. */
  readonly type: string;
  readonly signal?: AbortSignal;
}

export interface FetchAssetOptions {
  /** What the file must hash to, in hexadecimal; not checked where it is left out. */
  readonly sha256?: string;
  /** More than this is refused; default `MAX_ASSET_BYTES`. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

/** @throws HomeserverError `too-large`, `forbidden`, `unreachable` and the like */
export async function uploadAsset(
  homeserver: Pick<Homeserver, 'upload'>,
  bytes: Uint8Array,
  options: UploadOptions,
): Promise<AssetRef> {
  const src = await homeserver.upload(bytes, options);
  return { src, sha256: hashOf(bytes), bytes: bytes.length };
}

/**
 * The bytes behind an address that an object names: `mxc:` (authenticated media of the homeserver) or `data:`.
 * No other address is followed.
 * @throws AssetError
 */
export async function fetchAsset(
  homeserver: Pick<Homeserver, 'download'>,
  src: string,
  options: FetchAssetOptions = {},
): Promise<Uint8Array> {
  const maxBytes = options.maxBytes ?? MAX_ASSET_BYTES;
  const what = `fetch ${src.slice(0, MAX_SHOWN_CHARACTERS)}`;
  const bytes = /^data:/i.test(src)
    ? readData(src, maxBytes, what)
    : await download(homeserver, src, maxBytes, what, options.signal);
  if (options.sha256 === undefined) return bytes;
  const found = hashOf(bytes);
  if (found === options.sha256.toLowerCase()) return bytes;
  throw new AssetError('wrong-hash', {
    what,
    expected: `the sha256 ${options.sha256}`,
    got: found,
    hint: 'The file is not the one that the builder published; import it again.',
  });
}

const MAX_SHOWN_CHARACTERS = 80;

function readData(src: string, maxBytes: number, what: string): Uint8Array {
  const bytes = readDataUri(src, maxBytes);
  if (bytes !== null) return bytes;
  throw new AssetError('unreadable', {
    what,
    expected: `a data: address of at most ${maxBytes} bytes`,
    got: 'a malformed or longer one',
    hint: 'Upload the file instead.',
  });
}

async function download(
  homeserver: Pick<Homeserver, 'download'>,
  src: string,
  maxBytes: number,
  what: string,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  if (!isMxcUri(src)) {
    throw new AssetError('unsupported-source', {
      what,
      expected: 'an mxc: or data: address',
      got: src === '' ? 'none' : src,
      hint: 'Import the file, so that the homeserver keeps it.',
    });
  }
  const options = signal === undefined ? { maxBytes } : { maxBytes, signal };
  try {
    return (await homeserver.download(src, options)).bytes;
  } catch (error) {
    throw assetErrorOf(error, what, maxBytes);
  }
}

function assetErrorOf(error: unknown, what: string, maxBytes: number): unknown {
  if (!(error instanceof HomeserverError)) return error;
  if (error.code === 'too-large') {
    return new AssetError('too-large', {
      what,
      expected: `at most ${maxBytes} bytes`,
      got: 'more',
      hint: 'Publish a smaller file.',
      cause: error,
    });
  }
  if (error.code !== 'not-found') return error;
  return new AssetError('missing', {
    what,
    expected: 'a file that a homeserver keeps',
    got: 'none of this address',
    hint: 'Its server may have removed it, or be away: import it again.',
    cause: error,
  });
}

/** 64 lowercase hexadecimal digits. */
export function hashOf(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}
