import type { Accessor } from '@gltf-transform/core';

/** The numbers of an accessor, as they are stored. */
export interface Elements {
  readonly array: ArrayLike<number>;
  /** Numbers an element. */
  readonly size: number;
  readonly count: number;
  /** What a stored number is multiplied by: 1, or less for normalised integers. */
  readonly factor: number;
}

export function elementsOf(accessor: Accessor | null): Elements | null {
  const array = accessor?.getArray() ?? null;
  if (accessor === null || array === null) return null;
  const factor = accessor.getNormalized()
    ? 1 / (2 ** (array.BYTES_PER_ELEMENT * 8 - signBits(array)) - 1)
    : 1;
  return { array, size: accessor.getElementSize(), count: accessor.getCount(), factor };
}

function signBits(array: ArrayLike<number>): number {
  return array instanceof Int8Array || array instanceof Int16Array ? 1 : 0;
}
