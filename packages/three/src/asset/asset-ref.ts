import type { AssetRef } from '@weft/assets';

/** What components and avatars say of a file; some leave out what they do not know, some say `null`. */
interface NamedFile {
  readonly src?: string;
  readonly alt?: readonly string[];
  readonly sha256?: string | null;
  readonly bytes?: number | null;
}

/** The reference that a component holds; `null` without a source. */
export function assetRefOf(file: NamedFile | undefined): AssetRef | null {
  if (file?.src === undefined) return null;
  const { src, alt, sha256 = null, bytes = null } = file;
  return {
    src,
    ...(alt === undefined ? {} : { alt }),
    ...(sha256 === null ? {} : { sha256 }),
    ...(bytes === null ? {} : { bytes }),
  };
}

/** The same for two references that mean the same file and would be looked for in the same places. */
export function assetKeyOf({ src, alt = [], sha256 = '', bytes = 0 }: AssetRef): string {
  return JSON.stringify([sha256, bytes, src, ...alt]);
}
