import type { ComponentPatchMap } from '@weft/core';

/** What the add menu offers. */
export type NewObjectKind =
  | 'group'
  | 'box'
  | 'sphere'
  | 'cylinder'
  | 'cone'
  | 'plane'
  | 'light'
  | 'text'
  | 'spawn';

type Vec3 = readonly [number, number, number];

interface NewObject {
  readonly label: string;
  /** Height of its origin above what it is put on, in metres. */
  readonly rise: number;
  components(): Partial<ComponentPatchMap>;
}

const SURFACE = { baseColorFactor: [0.58, 0.6, 0.64, 1], roughnessFactor: 0.7 } as const;

function shape(name: 'box' | 'sphere' | 'cylinder' | 'cone' | 'plane', size: Vec3) {
  return () => ({ primitive: { shape: name, size }, material: SURFACE });
}

export const NEW_OBJECTS: Readonly<Record<NewObjectKind, NewObject>> = {
  box: { label: 'Box', rise: 0.5, components: shape('box', [1, 1, 1]) },
  sphere: { label: 'Sphere', rise: 0.5, components: shape('sphere', [1, 1, 1]) },
  cylinder: { label: 'Cylinder', rise: 0.5, components: shape('cylinder', [1, 1, 1]) },
  cone: { label: 'Cone', rise: 0.5, components: shape('cone', [1, 1, 1]) },
  plane: { label: 'Plane', rise: 0, components: shape('plane', [4, 0, 4]) },
  light: {
    label: 'Light',
    rise: 2.5,
    components: () => ({ light: { type: 'point', color: [1, 0.9, 0.76], intensity: 20, range: 12 } }),
  },
  text: {
    label: 'Text',
    rise: 1.2,
    components: () => ({ text: { value: 'Hello', size: 0.3, color: '#ffffff' } }),
  },
  group: { label: 'Group', rise: 0, components: () => ({}) },
  spawn: { label: 'Spawn point', rise: 0, components: () => ({ spawn: { name: 'main' } }) },
};
