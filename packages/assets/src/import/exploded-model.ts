import type { ComponentWrites } from '@weft/core';
import type { Box } from '../gltf/bounds.ts';

/** A model taken apart: objects for an edit, and the files that they show. Nothing is stored yet. */
export interface ExplodedModel {
  /** Parents before their children, siblings in the order of the file. */
  readonly objects: readonly ExplodedObject[];
  /** Each once, however many objects show it. */
  readonly meshes: readonly ExplodedMesh[];
  /** Of all meshes: what would be stored. What several of them share is in each. */
  readonly bytes: number;
  /** What is not as it was in the file, as sentences; at most `MAX_EXPLODE_NOTES`. */
  readonly notes: readonly string[];
}

export interface ExplodedObject {
  /** Index into `objects`; `null` at the top. */
  readonly parent: number | null;
  readonly components: ComponentWrites;
  /** Index into `meshes`; `null` where nothing of the file is shown. */
  readonly mesh: number | null;
}

export interface ExplodedMesh {
  readonly name: string;
  readonly glb: Uint8Array<ArrayBuffer>;
  /** Of it, in 64 lowercase hexadecimal digits. */
  readonly sha256: string;
  readonly bounds: Box | null;
}

/** What an edit takes at most. */
export { MAX_EDIT_OBJECTS as MAX_EXPLODED_OBJECTS } from '@weft/core';
/** Each is an upload. */
export const MAX_EXPLODED_MESHES = 500;
/** Of all meshes together. A texture that many meshes share is in each of them. */
export const MAX_EXPLODED_BYTES = 200 * 1024 * 1024;
export const MAX_EXPLODED_DEPTH = 200;
export const MAX_EXPLODE_NOTES = 50;
