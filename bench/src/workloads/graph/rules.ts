import type { Rule } from '@weft/core';

// Groups hang from groups and multiply their sizes: the outermost objects are thousands of kilometres away.
const FAR_METRES = 1e9;
const PLENTY = 1_000_000;

/** Ten rules that every edit of the catalogue has to be judged by, and that none of its objects breaks. */
export const TEN_RULES: readonly Rule[] = [
  { name: 'size', kind: 'range', property: 'transform.scale', min: 0.1, max: 10 },
  { name: 'place', kind: 'range', property: 'transform.position', min: -FAR_METRES, max: FAR_METRES },
  { name: 'ground', kind: 'bounds', min: box(-1), max: box(1) },
  { name: 'near-parent', kind: 'bounds', min: box(-1), max: box(1), space: 'local' },
  {
    name: 'source',
    kind: 'schema',
    component: 'mesh',
    schema: { type: 'object', properties: { src: { type: 'string', maxLength: 256 } } },
  },
  { name: 'placed', kind: 'schema', component: 'transform', required: true },
  { name: 'hangs', kind: 'parent', parents: [{ component: 'transform' }], root: true },
  { name: 'many', kind: 'limit', count: PLENTY },
  { name: 'many-each', kind: 'limit', count: PLENTY, per: 'owner' },
  { name: 'serial', kind: 'unique', property: 'shop:item.serial' },
];

function box(side: 1 | -1): [number, number, number] {
  return [side * FAR_METRES, side * FAR_METRES, side * FAR_METRES];
}
