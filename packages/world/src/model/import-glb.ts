import { checkGlb, meshOf, type PublishedAsset, type StoredFile } from '@weft/assets';
import { type EditDraft, type ObjectId, ROOT } from '@weft/core';
import type { Edit } from '../edits.ts';
import type { PublishFileOptions } from './publish.ts';

export interface ImportGlbOptions extends Omit<PublishFileOptions, 'name' | 'thumbnail'> {
  /** What people call it; default `Model`. */
  readonly name?: string;
  /** The object it hangs from; default the top of the world. */
  readonly parent?: ObjectId;
  /** In its parent, in metres; default the origin. */
  readonly position?: readonly [number, number, number];
  /** Draws it small and has the object show that until the model is there; default `true`. */
  readonly thumbnail?: boolean;
  /** Told once the file is stored, before the object is added. */
  readonly onPublished?: (published: PublishedAsset) => void;
}

/** What importing needs of a world. */
export interface ImportTarget {
  check(fn: (draft: EditDraft) => ObjectId): unknown;
  publish(bytes: Uint8Array, options: PublishFileOptions): Promise<PublishedAsset>;
  edit(name: string, fn: (draft: EditDraft) => ObjectId): Edit<ObjectId>;
}

const DEFAULT_NAME = 'Model';
/** Stands for the upload while the rest of the edit is tried out. */
const NOT_STORED = {
  ...{ src: 'mxc://weft.invalid/upload', alt: [], sha256: '0'.repeat(64), bytes: 0 },
  thumbnail: null,
};

/** File, role and place are checked before anything is uploaded. */
export async function importGlb(
  world: ImportTarget,
  bytes: Uint8Array,
  options: ImportGlbOptions,
): Promise<Edit<ObjectId>> {
  const { name = DEFAULT_NAME, parent: _, position: __, onPublished, ...publishing } = options;
  const glb = await glbOf(bytes, name);
  const { bounds } = checkGlb(glb, name);
  world.check((draft) => addModel(draft, { ...NOT_STORED, bounds }, options));
  const published = await world.publish(glb, { thumbnail: true, ...publishing, name: `${name}.glb` });
  onPublished?.(published);
  return world.edit(`import ${name}`, (draft) => addModel(draft, published, options));
}

/** A glTF document as the binary file that says the same. */
async function glbOf(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  if (bytes[0] !== BRACE) return bytes;
  const { packGltf } = await import('@weft/assets/publish');
  return packGltf(bytes, name);
}

const BRACE = 0x7b;

function addModel(draft: EditDraft, file: StoredFile, options: ImportGlbOptions): ObjectId {
  const { name = DEFAULT_NAME, parent = ROOT, position } = options;
  return draft.add({
    parent,
    node: { name },
    mesh: meshOf(file),
    ...(position === undefined ? {} : { transform: { position } }),
  });
}
