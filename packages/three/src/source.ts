import type { AssetKind, AssetRef } from '@weft/assets';
import type { ChangeSet, ObjectId, Readable, SceneObject } from '@weft/core';
import type { Avatar, PartPose } from '@weft/world';

/** What a view needs of a world: `World` has it, and so has anything that reads a scene and reports changes. */
export interface ViewSource {
  get(id: ObjectId): SceneObject | undefined;
  children(id: ObjectId): readonly ObjectId[];
  objects(): Iterable<SceneObject>;
  on(event: 'change', listener: (changes: ChangeSet) => void): () => void;
  /** Who is there and what they carry; absent where nothing moves. */
  readonly motion?: MotionSource;
}

/** What a view needs of what moves: `World.motion` has it. */
export interface MotionSource {
  readonly avatars: Readable<readonly Avatar[]>;
  /** What is carried now. */
  moving(): Iterable<ObjectId>;
  /** Where it is now, in the world's coordinates. */
  transformAt(id: ObjectId): PartPose | null;
  /** From where the view looks, in metres. */
  look?(from: readonly [number, number, number]): void;
}

export interface LoadAssetOptions {
  readonly kind: AssetKind;
  /** Takes no more than this, in bytes; default: what its kind may have. */
  readonly maxBytes?: number;
  readonly signal: AbortSignal;
  /** A person asked to try again. */
  readonly retry: boolean;
  readonly onProgress?: (receivedBytes: number, totalBytes: number | null) => void;
}

/**
 * Fetches and verifies, as `World.assets.load` does; rejects with an error whose message can be shown to a person. One that has
 * `retry: true` may go away by itself.
 */
export type LoadAsset = (ref: AssetRef, options: LoadAssetOptions) => Promise<{ readonly bytes: Uint8Array }>;
