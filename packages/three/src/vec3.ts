/** x, y, z: metres, right-handed, y up. */
export type Vec3 = readonly [number, number, number];
