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

/** Where an object says its model or picture is; the hash, where given, is what the bytes must have. */
export interface AssetRef {
  readonly src: string;
  readonly sha256: string | null;
  /** The size the object claims, in bytes; `null` where it claims none. */
  readonly bytes: number | null;
}

/** Fetches and verifies; rejects with an error whose message can be shown to a person. */
export type LoadAsset = (ref: AssetRef, signal: AbortSignal) => Promise<Uint8Array>;
