import type { ObjectId, SceneObject } from '@weft/core';
import type { Decoder } from '../decode/decoder.ts';
import type { AssetRef } from '../reference/asset-ref.ts';

/** What is written: a scene, or what hangs from one of its objects. */
export interface ExportSource {
  get(id: ObjectId): SceneObject | undefined;
  children(id: ObjectId): readonly ObjectId[];
}

export interface ExportPorts {
  readonly scene: ExportSource;
  /** The bytes of a model, verified. @throws AssetError */
  readonly load: (asset: AssetRef, options: { readonly signal: AbortSignal }) => Promise<Uint8Array>;
  /** Undoes what is compressed by Draco; without it such a model is left out. */
  readonly decoder?: Pick<Decoder, 'forModel'> | undefined;
}

export interface ExportGlbOptions {
  /** An object, to write it and all that hangs from it; several, to write each where it is in the world; default everything. */
  readonly from?: ObjectId | readonly ObjectId[];
  /** What the scene is called in the file. */
  readonly title?: string;
  readonly signal?: AbortSignal;
  /** Told as models are loaded and put in. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface ExportedGlb {
  readonly glb: Uint8Array<ArrayBuffer>;
  readonly objects: number;
  /** Models put in, each once. */
  readonly models: number;
  /** What the file does not show as the world does, as sentences; at most `MAX_EXPORT_NOTES`. */
  readonly notes: readonly string[];
}

export const MAX_EXPORTED_OBJECTS = 50_000;
export const MAX_EXPORT_NOTES = 50;
/** Models loaded at one time. */
export const MAX_CONCURRENT_LOADS = 4;
