import { type EditDraft, type NewObject, type ObjectId, ROOT, validateComponent } from '@weft/core';
import type { AssetRef } from './assets.ts';
import type { Box } from './glb/bounds.ts';

export interface ImportGlbOptions {
  /** What people call it; default `Model`. */
  readonly name?: string;
  /** The object it hangs from; default the top of the world. */
  readonly parent?: ObjectId;
  /** In its parent, in metres; default the origin. */
  readonly position?: readonly [number, number, number];
  readonly signal?: AbortSignal;
}

export const GLB_MEDIA_TYPE = 'model/gltf-binary';
const DEFAULT_NAME = 'Model';

/** Stands for the upload while the rest of the edit is tried out. */
export const UNUPLOADED: AssetRef = { src: 'mxc://weft.invalid/upload', sha256: '0'.repeat(64), bytes: 0 };

/** Adds the object that shows a model. */
export function addModel(
  draft: EditDraft,
  asset: AssetRef,
  bounds: Box | null,
  options: ImportGlbOptions,
): ObjectId {
  const { name = DEFAULT_NAME, parent = ROOT, position } = options;
  const object: NewObject = {
    parent,
    node: { name },
    mesh: { ...asset, ...(bounds === null || !isStorable(bounds) ? {} : { bounds }) },
    ...(position === undefined ? {} : { transform: { position } }),
  };
  return draft.add(object);
}

// A model larger than the world is still shown; readers of the graph take it for a point.
function isStorable(bounds: Box): boolean {
  return validateComponent('mesh', 'bounds', { min: bounds.min, max: bounds.max }) === null;
}
