import { isBlobSource, schemeOf } from '@weft/core';

export type AssetScheme = AssetAddress['scheme'];

/** Where a file is, taken apart. Nothing else is ever asked for a file. */
export type AssetAddress =
  /** `mxc://server/media`: the media repository of a homeserver. */
  | {
      readonly scheme: 'mxc';
      readonly text: string;
      readonly server: string;
      readonly mediaId: string;
    }
  /** `ipfs://cid/path`: the path is empty or begins with `/`, and is not decoded. */
  | { readonly scheme: 'ipfs'; readonly text: string; readonly cid: string; readonly path: string }
  | { readonly scheme: 'https'; readonly text: string; readonly url: URL }
  /** The file itself (RFC 2397). */
  | { readonly scheme: 'data'; readonly text: string };

export type AddressOf<Scheme extends AssetScheme> = Extract<AssetAddress, { readonly scheme: Scheme }>;

/** A file within an address; larger ones are uploaded. In characters. */
export const MAX_DATA_URI_CHARACTERS = 100 * 1024 * 1024;

/** The address that a text is, by a strict grammar; `null` for every other scheme and for what only looks like one. */
export function readAddress(text: string): AssetAddress | null {
  if (/^data:/i.test(text)) {
    return text.length <= MAX_DATA_URI_CHARACTERS ? { scheme: 'data', text } : null;
  }
  if (!isBlobSource(text)) return null;
  const scheme = schemeOf(text);
  const rest = text.slice(scheme.length + '://'.length);
  const cut = rest.search(/[/?#]/);
  const host = cut < 0 ? rest : rest.slice(0, cut);
  const path = cut < 0 ? '' : rest.slice(cut);
  if (scheme === 'mxc') return { scheme, text, server: host, mediaId: path.slice(1) };
  if (scheme === 'ipfs') return hasDotSegment(path) ? null : { scheme, text, cid: host, path };
  const url = URL.parse(text);
  return url === null ? null : { scheme, text, url };
}

// A directory of IPFS has no parent, so that one who asks for it means something else.
function hasDotSegment(path: string): boolean {
  return path.split('/').some((part) => /^(?:\.|%2e){1,2}$/i.test(part));
}
