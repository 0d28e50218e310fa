import { fileKindOf } from '@weft/assets';
import type { EditDraft } from '@weft/core';
import { glbOfTable } from './glb-of-table.ts';
import { TABLE } from './memory-world.ts';

const SMALL = 'mxc://example.org/small';
const BROKEN = 'mxc://example.org/broken';
/** What the world never gives. */
const SLOW = 'mxc://example.org/slow';
const LOST = 'mxc://example.org/lost';
const GONE = 'mxc://example.org/gone';

const BOUNDS = { min: [-0.8, 0, -0.45], max: [0.8, 0.75, 0.45] } as const;
const thumbnail = (src: string) => ({ src, sha256: '0'.repeat(64), bytes: 1_000 });

/** A thumbnail as publishing draws it, and one that claims to be 65,535 pixels a side. */
export async function thumbnailMedia(): Promise<ReadonlyMap<string, Uint8Array>> {
  // What draws comes with the first page that wants it, as in a world.
  const { drawerOf, openWorkshop } = await import('@weft/assets/publish');
  const glb = glbOfTable();
  const kind = fileKindOf(glb);
  const how = { side: 256, signal: new AbortController().signal };
  const drawn = kind === null ? null : await drawerOf(openWorkshop())(glb, kind, how);
  if (drawn === null || 'why' in drawn) throw new Error(drawn?.why ?? 'nothing here draws a table');
  const bomb = drawn.bytes.slice();
  // Width and height in the head of a PNG.
  bomb.set([0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff], 16);
  return new Map([
    [SMALL, drawn.bytes],
    [BROKEN, bomb],
  ]);
}

/** Tables: one that is there, one on its way for ever, one that is lost, and one whose thumbnail is a bomb. */
export function seedThumbnails(e: EditDraft): void {
  const table = (name: string, x: number, src: string, small: string) =>
    e.add({
      node: { name },
      transform: { position: [x, 0, 0] },
      mesh: { src, bounds: BOUNDS, thumbnail: thumbnail(small) },
    });
  table('Table', -3, TABLE, SMALL);
  table('Slow table', -1, SLOW, SMALL);
  table('Lost table', 1, LOST, SMALL);
  // Where none of the others is in sight.
  table('Bare table', 40, GONE, BROKEN);
  e.add({
    node: { name: 'Slow picture' },
    transform: { position: [0, 1.6, -1] },
    image: { src: SLOW, width: 1, thumbnail: thumbnail(SMALL) },
  });
}
