import type { Accessor, Document, Node } from '@gltf-transform/core';
import { AssetError } from '../asset-error.ts';
import { isWithinReach } from '../gltf/bounds.ts';
import { identity, type Matrix, multiplied } from '../gltf/matrix.ts';
import type { ExportedObject } from './object-copy.ts';

type Corner = readonly [number, number, number];
type Extent = readonly [low: Corner, high: Corner];

/**
 * Finds what reaches further out than one model may, so that whoever exports knows what to move.
 *
 * @param owners the object that each node stands for; what hangs from it otherwise is of its model
 */
export function objectTooFar(
  document: Document,
  owners: ReadonlyMap<Node, ExportedObject>,
): ExportedObject | null {
  const extents = new Map<Accessor, Extent>();
  const tops = document.getRoot().getDefaultScene()?.listChildren() ?? [];
  const waiting = tops.map((node) => ({ node, above: identity(), owner: owners.get(node) }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, above, owner } = next;
    const place = multiplied(above, node.getMatrix());
    for (const primitive of node.getMesh()?.listPrimitives() ?? []) {
      const accessor = primitive.getAttribute('POSITION');
      if (accessor === null) continue;
      const extent = extents.get(accessor) ?? extentOf(accessor);
      extents.set(accessor, extent);
      if (owner !== undefined && !isNear(extent, place)) return owner;
    }
    for (const child of node.listChildren())
      waiting.push({ node: child, above: place, owner: owners.get(child) ?? owner });
  }
  return null;
}

/** What to do about it, and who can. */
export function tooFar(object: ExportedObject): AssetError {
  const name = object.node?.name ?? '';
  return new AssetError('too-large', {
    what: 'write one GLB',
    expected: 'everything within 10^9 m of the origin',
    got: `${name === '' ? object.id : `“${name}” (${object.id})`}, which reaches further`,
    hint: 'Export what is nearer by itself, or have a builder of this world move it nearer, make it smaller or delete it.',
  });
}

function extentOf(accessor: Accessor): Extent {
  const [x = 0, y = 0, z = 0] = accessor.getMinNormalized([]);
  const [right = 0, top = 0, front = 0] = accessor.getMaxNormalized([]);
  return [
    [x, y, z],
    [right, top, front],
  ];
}

function isNear([low, high]: Extent, place: Matrix): boolean {
  for (let corner = 0; corner < 8; corner += 1) {
    const [x, y, z] = [
      (corner & 1) === 0 ? low[0] : high[0],
      (corner & 2) === 0 ? low[1] : high[1],
      (corner & 4) === 0 ? low[2] : high[2],
    ];
    const at = [0, 1, 2].map(
      (axis) =>
        (place[axis] ?? 0) * x +
        (place[axis + 4] ?? 0) * y +
        (place[axis + 8] ?? 0) * z +
        (place[axis + 12] ?? 0),
    );
    if (!at.every(isWithinReach)) return false;
  }
  return true;
}
