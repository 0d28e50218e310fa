import { type ComponentPatchMap, validateComponent } from '@weft/core';
import type { Box } from '../gltf/bounds.ts';
import type { AssetRef } from '../reference/asset-ref.ts';
import type { PublishedAsset } from './published-asset.ts';

/** What a component says of a file that was published. */
export type StoredFile = Pick<PublishedAsset, 'src' | 'alt' | 'sha256' | 'bytes' | 'bounds' | 'thumbnail'>;

type MeshWrites = NonNullable<ComponentPatchMap['mesh']>;
type FileWrites = Pick<MeshWrites, 'src' | 'alt' | 'sha256' | 'bytes'>;
type Thumbnail = NonNullable<MeshWrites['thumbnail']>;

/** The properties that `audio`, `video` and `sky` have of a published file. */
export function fileOf({ src, alt, sha256, bytes }: Omit<StoredFile, 'bounds' | 'thumbnail'>): FileWrites {
  return { src, sha256, bytes, ...(alt.length === 0 ? {} : { alt }) };
}

/** Those of `image`, which shows its thumbnail until it is there. */
export function imageOf(file: Omit<StoredFile, 'bounds'>): Omit<MeshWrites, 'bounds'> {
  const thumbnail = thumbnailOf(file.thumbnail);
  return { ...fileOf(file), ...(thumbnail === null ? {} : { thumbnail }) };
}

/** The `mesh` of an object that shows a published model. */
export function meshOf(file: StoredFile): MeshWrites {
  const { bounds } = file;
  return { ...imageOf(file), ...(bounds === null || !isStorable(bounds) ? {} : { bounds }) };
}

// A model larger than the world is still shown; readers of the graph take it for a point.
function isStorable({ min, max }: Box): boolean {
  return validateComponent('mesh', 'bounds', { min, max }) === null;
}

/** `null` for one that readers would not load, such as a drawer of somebody's own may have made. */
function thumbnailOf(ref: AssetRef | null): Thumbnail | null {
  if (ref?.sha256 === undefined || ref.bytes === undefined) return null;
  const { src, sha256, bytes, alt = [] } = ref;
  const thumbnail = { src, sha256, bytes, ...(alt.length === 0 ? {} : { alt: [...alt] }) };
  return validateComponent('mesh', 'thumbnail', thumbnail) === null ? thumbnail : null;
}
