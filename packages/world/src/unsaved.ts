import { entriesOf, type Patch, patchOf, type Replica } from '@weft/core';

/** What the room of a replica does not hold yet, under the stamps that it has, with who wrote it. */
export function unsavedOf(replica: Pick<Replica, 'dirty' | 'toPatch'>): Patch {
  const objects = new Map(
    [...replica.dirty()].map(([id, registers]) => [id, { registers, purge: null }] as const),
  );
  const { actors } = replica.toPatch();
  return patchOf({ registers: entriesOf({ objects, actors }), actors });
}
