import type { ObjectId, SceneObject } from '@weft/core';
import type { AssetRef } from '../reference/asset-ref.ts';
import type { GatheredScene } from './gathered-scene.ts';

/** What is written: a scene, or what hangs from one of its objects. */
export interface ExportSource {
  get(id: ObjectId): SceneObject | undefined;
  children(id: ObjectId): readonly ObjectId[];
}

export interface ExportPorts {
  readonly scene: ExportSource;
  /** The bytes of a model, verified. @throws AssetError */
  readonly load: (asset: AssetRef, options: { readonly signal: AbortSignal }) => Promise<Uint8Array>;
  /** `Workshop.writeGlb`, or `writeGlb` where somebody can wait for it. */
  readonly write: (
    scene: GatheredScene,
    options: {
      readonly signal: AbortSignal;
      readonly onProgress: (done: number, total: number) => void;
    },
  ) => Promise<ExportedGlb>;
}

export interface ExportGlbOptions {
  /** An object, to write it and all that hangs from it; several, to write each where it is in the world; default everything. */
  readonly from?: ObjectId | readonly ObjectId[];
  /** What the scene is called in the file. */
  readonly title?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ExportProgress) => void;
}

/** How far it is: of the models so many are loaded, or of the objects so many written. */
export interface ExportProgress {
  readonly step: 'load' | 'write';
  readonly done: number;
  readonly total: number;
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
