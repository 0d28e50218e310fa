import { Mesh, MeshBasicMaterial, type Object3D, OctahedronGeometry } from 'three';
import type { BindingHost } from '../binding/binding.ts';
import { Slot } from './pool.ts';

export interface Marker {
  readonly part: Object3D;
  tint(colour: string): void;
  dispose(): void;
}

/** A small wire body for what has no shape of its own, so that an editor can show and click it. */
export function makeMarker(host: Pick<BindingHost, 'geometries' | 'materials'>): Marker {
  const geometry = new Slot(host.geometries);
  const material = new Slot(host.materials);
  const part = new Mesh(geometry.take('marker', () => new OctahedronGeometry(0.14)));
  part.castShadow = false;
  return {
    part,
    tint(colour) {
      part.material = material.take(
        `marker ${colour}`,
        () => new MeshBasicMaterial({ color: colour, wireframe: true }),
      );
    },
    dispose() {
      geometry.release();
      material.release();
    },
  };
}
