import type { Primitive } from '@gltf-transform/core';

const STRIP = 5;
const FAN = 6;
const LIST = 4;

/** How many triangles a part is drawn with; none for points and lines. */
export function triangleCount(primitive: Primitive): number {
  const corners = cornersOf(primitive);
  switch (primitive.getMode()) {
    case LIST:
      return Math.floor(corners / 3);
    case STRIP:
    case FAN:
      return Math.max(0, corners - 2);
    default:
      return 0;
  }
}

/**
 * Tells the three vertices of each triangle, counter-clockwise as seen from its front. Those that name no vertex are left out.
 * @param tell gives `false` to hear no more
 */
export function eachTriangle(primitive: Primitive, tell: (a: number, b: number, c: number) => boolean): void {
  const indices = primitive.getIndices()?.getArray() ?? null;
  const vertices = primitive.getAttribute('POSITION')?.getCount() ?? 0;
  const mode = primitive.getMode();
  const count = triangleCount(primitive);
  for (let at = 0; at < count; at += 1) {
    const isOdd = mode === STRIP && at % 2 === 1;
    const first = mode === LIST ? at * 3 : mode === FAN ? 0 : at;
    const second = mode === LIST ? at * 3 + 1 : at + (isOdd ? 2 : 1);
    const third = mode === LIST ? at * 3 + 2 : at + (isOdd ? 1 : 2);
    const a = indices === null ? first : (indices[first] ?? vertices);
    const b = indices === null ? second : (indices[second] ?? vertices);
    const c = indices === null ? third : (indices[third] ?? vertices);
    if (a < vertices && b < vertices && c < vertices && !tell(a, b, c)) return;
  }
}

function cornersOf(primitive: Primitive): number {
  const indices = primitive.getIndices();
  return (indices ?? primitive.getAttribute('POSITION'))?.getCount() ?? 0;
}
