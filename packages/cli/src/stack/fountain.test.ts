import { openWorkshop } from '@weft/assets/publish';
import { describe, expect, it } from 'vitest';
import { fountainGlb } from './fountain.ts';
import { lathe } from './lathe.ts';

describe('the demo fountain', () => {
  it('is binary glTF 2.0 without an error, a warning or a remark from the Khronos validator', async () => {
    const bytes = await fountainGlb();
    const { findings, facts } = await openWorkshop().validate(bytes, { signal: AbortSignal.timeout(20_000) });
    expect(findings).toEqual([]);
    expect(facts.triangles).toBeGreaterThan(500);
  });

  it('is the same file each time, so that its hash is stable', async () => {
    expect(await fountainGlb()).toEqual(await fountainGlb());
  });
});

describe('lathe', () => {
  it('faces away from the axis where the profile climbs, and up where it runs inwards', () => {
    const wall = lathe([
      [1, 0],
      [1, 1],
    ]);
    expect(Array.from(wall.normals.slice(0, 3))).toEqual([1, 0, 0]);
    const disc = lathe([
      [1, 0],
      [0, 0],
    ]);
    expect(disc.normals[1]).toBe(1);
  });

  it('winds triangles counter-clockwise around their normals', () => {
    const { positions, normals, indices } = lathe([
      [1, 0],
      [0.5, 1],
      [0, 1],
    ]);
    const at = (array: Float32Array, vertex: number) => Array.from(array.slice(vertex * 3, vertex * 3 + 3));
    const minus = (a: number[], b: number[]) => a.map((value, axis) => value - (b[axis] ?? 0));
    for (let corner = 0; corner < indices.length; corner += 3) {
      const [a = 0, b = 0, c = 0] = indices.slice(corner, corner + 3);
      const [ux = 0, uy = 0, uz = 0] = minus(at(positions, b), at(positions, a));
      const [vx = 0, vy = 0, vz = 0] = minus(at(positions, c), at(positions, a));
      const [nx = 0, ny = 0, nz = 0] = at(normals, a);
      const facing = (uy * vz - uz * vy) * nx + (uz * vx - ux * vz) * ny + (ux * vy - uy * vx) * nz;
      expect(facing).toBeGreaterThan(0);
    }
  });

  it.each([1, 65])('refuses a profile of %i points', (count) => {
    expect(() => lathe(Array.from({ length: count }, (_, height) => [1, height] as const))).toThrow(
      RangeError,
    );
  });
});
