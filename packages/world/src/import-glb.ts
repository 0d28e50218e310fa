import { type Box, checkGlb } from '@weft/assets';
import { type EditDraft, type ObjectId, ROOT, validateComponent } from '@weft/core';
import type { AssetRef, UploadOptions } from './assets.ts';
import type { Edit } from './edits.ts';

export interface ImportGlbOptions {
  /** What people call it; default `Model`. */
  readonly name?: string;
  /** The object it hangs from; default the top of the world. */
  readonly parent?: ObjectId;
  /** In its parent, in metres; default the origin. */
  readonly position?: readonly [number, number, number];
  readonly signal?: AbortSignal;
}

/** What importing needs of a world. */
export interface ImportTarget {
  check(fn: (draft: EditDraft) => ObjectId): unknown;
  upload(bytes: Uint8Array, options: UploadOptions): Promise<AssetRef>;
  edit(name: string, fn: (draft: EditDraft) => ObjectId): Edit<ObjectId>;
}

const GLB_MEDIA_TYPE = 'model/gltf-binary';
const DEFAULT_NAME = 'Model';
/** Stands for the upload while the rest of the edit is tried out. */
const NOT_UPLOADED: AssetRef = { src: 'mxc://weft.invalid/upload', sha256: '0'.repeat(64), bytes: 0 };

/** File, role and place are checked before anything is uploaded. */
export async function importGlb(
  world: ImportTarget,
  bytes: Uint8Array,
  options: ImportGlbOptions,
): Promise<Edit<ObjectId>> {
  const { name = DEFAULT_NAME, signal } = options;
  const { bounds } = checkGlb(bytes, name);
  world.check((draft) => addModel(draft, NOT_UPLOADED, bounds, options));
  const asset = await world.upload(bytes, {
    name: `${name}.glb`,
    type: GLB_MEDIA_TYPE,
    ...(signal === undefined ? {} : { signal }),
  });
  return world.edit(`import ${name}`, (draft) => addModel(draft, asset, bounds, options));
}

function addModel(
  draft: EditDraft,
  asset: AssetRef,
  bounds: Box | null,
  options: ImportGlbOptions,
): ObjectId {
  const { name = DEFAULT_NAME, parent = ROOT, position } = options;
  return draft.add({
    parent,
    node: { name },
    mesh: { ...asset, ...(bounds === null || !isStorable(bounds) ? {} : { bounds }) },
    ...(position === undefined ? {} : { transform: { position } }),
  });
}

// A model larger than the world is still shown; readers of the graph take it for a point.
function isStorable({ min, max }: Box): boolean {
  return validateComponent('mesh', 'bounds', { min, max }) === null;
}
