import { readAddress } from '../reference/address.ts';

/** A part of a model that its file does not hold. */
export type PartAddress =
  /** Within the text itself. */
  | { readonly at: 'data'; readonly text: string }
  /** At a homeserver or in IPFS. */
  | { readonly at: 'address'; readonly text: string }
  /** A file beside the model, by its path in the same bundle. */
  | { readonly at: 'file'; readonly path: string };

/** A path beside the model; in characters. */
export const MAX_PART_PATH_CHARACTERS = 1_024;

const HAS_SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:/;
const UNFIT = /[\\?#\p{Cc}]/u;

/**
 * Reads a `uri` of glTF: `data:`, `mxc:`, `ipfs:`, or a path that stays within the model's own bundle. `null` for anything
 * else, which nobody asks for: other schemes, paths from a root, other hosts, ways up.
 */
export function readPartUri(uri: string): PartAddress | null {
  if (/^data:/i.test(uri)) return { at: 'data', text: uri };
  if (HAS_SCHEME.test(uri)) {
    const address = readAddress(uri);
    return address?.scheme === 'mxc' || address?.scheme === 'ipfs' ? { at: 'address', text: uri } : null;
  }
  if (uri.length > MAX_PART_PATH_CHARACTERS || UNFIT.test(uri)) return null;
  const segments = uri.replace(/^\.\//, '').split('/').map(decoded);
  return segments.every(isSafe) ? { at: 'file', path: segments.join('/') } : null;
}

/** The address of a file beside another one in a directory of IPFS; `null` where that one is in none. */
export function besideInIpfs(model: string, path: string): string | null {
  const address = readAddress(model);
  if (address?.scheme !== 'ipfs' || !address.path.includes('/')) return null;
  const directory = address.path.slice(0, address.path.lastIndexOf('/'));
  const beside = path.split('/').map(encodeURIComponent).join('/');
  return readAddress(`ipfs://${address.cid}${directory}/${beside}`)?.text ?? null;
}

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A percent sign without two digits, or bytes that are no UTF-8.
    return null;
  }
}

function isSafe(segment: string | null): segment is string {
  return segment !== null && segment !== '' && !/^\.\.?$/.test(segment) && !/[/\\\p{Cc}]/u.test(segment);
}
