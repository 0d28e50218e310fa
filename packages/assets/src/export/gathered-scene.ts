import type { ObjectId } from '@weft/core';
import type { ExportedObject } from './object-copy.ts';

/** A model that objects show: its bytes, or why it is not put in, as the end of a sentence. */
export type LoadedModel = { readonly glb: Uint8Array } | { readonly why: string };

/** All that one GLB is made of. */
export interface GatheredScene {
  /** What it is called in the file. */
  readonly title: string;
  /** Parents before children, siblings in order. */
  readonly objects: readonly ExportedObject[];
  /** By `modelKey`. */
  readonly models: ReadonlyMap<string, LoadedModel>;
  /** Objects that are written where they are in the world. */
  readonly placed: ReadonlySet<ObjectId>;
}
