type Vec3 = readonly [number, number, number];

/** Parts of a transform to write: metres, a unit quaternion x y z w, factors. */
export interface TransformPatch {
  readonly position?: Vec3;
  readonly rotation?: readonly [number, number, number, number];
  readonly scale?: Vec3;
}
