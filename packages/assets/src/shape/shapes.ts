import type { Primitive } from '@weft/core';
import {
  BoxGeometry,
  type BufferGeometry,
  CapsuleGeometry,
  ConeGeometry,
  CylinderGeometry,
  PlaneGeometry,
  SphereGeometry,
  TorusGeometry,
} from 'three';

/** Every shape fills the cube of one metre round the origin, so that `size` stretches all of them alike. */
export const SHAPES: Readonly<Record<Primitive['shape'], () => BufferGeometry>> = {
  box: () => new BoxGeometry(1, 1, 1),
  sphere: () => new SphereGeometry(0.5, 32, 16),
  cylinder: () => new CylinderGeometry(0.5, 0.5, 1, 64),
  cone: () => new ConeGeometry(0.5, 1, 32),
  capsule: () => new CapsuleGeometry(0.5, 1, 8, 24).scale(1, 0.5, 1),
  torus: () => new TorusGeometry(0.375, 0.125, 16, 48).scale(1, 1, 4),
  // A plane has no height, so it alone does not fill the cube.
  plane: () => new PlaneGeometry(1, 1).rotateX(-Math.PI / 2),
};
