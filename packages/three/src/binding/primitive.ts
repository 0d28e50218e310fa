import { SHAPES } from '@weft/assets/shapes';
import { Mesh } from 'three';
import { Slot } from '../shared/pool.ts';
import { DEFAULT_SURFACE, makeSurface, surfaceKey } from '../shared/surface.ts';
import type { BindingKind } from './binding.ts';

/** `primitive` and `material`: a shared unit shape, stretched, in a shared material. */
export const primitive: BindingKind = {
  component: 'primitive',
  reads: ['material'],
  make(_id, host) {
    const part = new Mesh();
    const geometry = new Slot(host.geometries);
    const material = new Slot(host.materials);
    return {
      part,
      update({ primitive, material: surface = DEFAULT_SURFACE }) {
        if (primitive === undefined) return;
        part.geometry = geometry.take(primitive.shape, SHAPES[primitive.shape]);
        part.material = material.take(surfaceKey(surface), () => makeSurface(surface));
        const [width, height, depth] = primitive.size;
        part.scale.set(thick(width), thick(height), thick(depth));
      },
      dispose() {
        geometry.release();
        material.release();
      },
    };
  },
};

// Something flattened to nothing has no normals, and would be drawn black.
const MIN_THICKNESS_METRES = 1e-4;

function thick(metres: number): number {
  return Math.max(MIN_THICKNESS_METRES, metres);
}
