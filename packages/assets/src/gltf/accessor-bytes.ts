import type { GltfAccessor } from './document.ts';

/** glTF 2.0, section 3.6.2.2 "Accessor Data Types". */
export const COMPONENT_BYTES: Readonly<Record<GltfAccessor['componentType'], number>> = {
  5120: 1,
  5121: 1,
  5122: 2,
  5123: 2,
  5125: 4,
  5126: 4,
};

export const ELEMENT_COMPONENTS: Readonly<Record<GltfAccessor['type'], number>> = {
  SCALAR: 1,
  VEC2: 2,
  VEC3: 3,
  VEC4: 4,
  MAT2: 4,
  MAT3: 9,
  MAT4: 16,
};

/** Bytes of one element, tightly packed. */
export function elementBytes({ componentType, type }: GltfAccessor): number {
  return COMPONENT_BYTES[componentType] * ELEMENT_COMPONENTS[type];
}
