import fc from 'fast-check';
import { mat4, vec4 } from 'gl-matrix';
import { expect, it } from 'vitest';
import { checkWithin } from '../query/check-within.ts';
import type { Box } from './box.ts';
import { boxVolume, frustumVolume, type Plane, rayVolume, sphereVolume, type Volume } from './volume.ts';

const METRES = fc.double({ min: -50, max: 50, noNaN: true });
const point = fc.tuple(METRES, METRES, METRES);
const edge = fc.double({ min: 0, max: 30, noNaN: true });
const size = fc.tuple(edge, edge, edge);
const box: fc.Arbitrary<Box> = fc
  .tuple(point, size)
  .map(([[x, y, z], [w, h, d]]) => [x, y, z, x + w, y + h, z + d]);
const unit = fc.constantFrom(-1, -0.6, 0, 0.8, 1);
const plane: fc.Arbitrary<Plane> = fc.tuple(unit, unit, unit, METRES);

const volume: fc.Arbitrary<Volume> = fc.oneof(
  fc
    .tuple(point, fc.double({ min: 0, max: 40, noNaN: true }))
    .map(([center, radius]) => sphereVolume(center, radius)),
  box.map(boxVolume),
  fc.array(plane, { minLength: 6, maxLength: 6 }).map(frustumVolume),
  fc
    .tuple(
      point,
      fc.constantFrom([1, 0, 0] as const, [0, -1, 0] as const, [0.6, 0, 0.8] as const),
      fc.constantFrom(5, 100, Infinity),
    )
    .map(([origin, direction, maxDistance]) => rayVolume({ origin, direction, maxDistance })),
);

it('[G1] what touches a volume overlaps the box that it is looked for in', () => {
  let touched = 0;
  fc.assert(
    fc.property(volume, box, ({ around, touches }, other) => {
      if (!touches(other)) return;
      touched += 1;
      expect(boxVolume(around).touches(other)).toBe(true);
    }),
    { numRuns: 2000 },
  );
  expect(touched).toBeGreaterThan(100);
});

it('[G1] a frustum from a camera holds the points that the camera sees', () => {
  const camera = fc.record({
    eye: point,
    target: point,
    fov: fc.double({ min: 0.3, max: 2, noNaN: true }),
    aspect: fc.double({ min: 0.5, max: 2, noNaN: true }),
  });
  const seen = { inside: 0, outside: 0 };
  fc.assert(
    fc.property(
      camera,
      fc.array(point, { minLength: 20, maxLength: 20 }),
      ({ eye, target, fov, aspect }, points) => {
        fc.pre(Math.hypot(eye[0] - target[0], eye[2] - target[2]) > 0.1);
        const view = mat4.lookAt(mat4.create(), eye, target, [0, 1, 0]);
        const matrix = mat4.multiply(
          mat4.create(),
          mat4.perspective(mat4.create(), fov, aspect, 0.5, 60),
          view,
        );
        const within = checkWithin({ frustum: { matrix: [...matrix] } });
        for (const [x, y, z] of points) {
          const [cx = 0, cy = 0, cz = 0, w = 0] = vec4.transformMat4(vec4.create(), [x, y, z, 1], matrix);
          const margin = Math.min(w - Math.abs(cx), w - Math.abs(cy), w - Math.abs(cz));
          if (Math.abs(margin) < 1e-3) continue;
          expect(within?.volume.touches([x, y, z, x, y, z])).toBe(margin > 0);
          if (margin > 0)
            expect(boxVolume(within?.volume.around ?? [0, 0, 0, 0, 0, 0]).touches([x, y, z, x, y, z])).toBe(
              true,
            );
          seen[margin > 0 ? 'inside' : 'outside'] += 1;
        }
      },
    ),
  );
  expect(Math.min(seen.inside, seen.outside)).toBeGreaterThan(50);
});
