import {
  isObjectId,
  isPersonalObjectId,
  msOf,
  type ObjectId,
  type Patch,
  type Path,
  parsePath,
  type Register,
  ROOT,
} from '@weft/core';

/** Deleted objects are kept for so long after their last change; then the next room is made without them. */
export const TOMBSTONE_HORIZON_MS = 90 * 24 * 3_600_000;

const DELETED_PATH = parsePath('node.deleted');
const PARENT_PATH = parsePath('node.parent');
const MAX_STEPS = 256;

/**
 * What goes on into the next room of a world: everything that is visible, what was deleted not long ago with what it
 * hangs from, and no personal objects, which only their owners' own clients may write.
 */
export function keptOf(patch: Patch, nowMs: number): Patch {
  const kept = new Set<ObjectId>();
  for (const [id, { registers }] of patch.objects) {
    if (isPersonalObjectId(id) || registers.size === 0) continue;
    const way = wayUp(patch, id);
    const isGone = way.some((above) => valueAt(patch, above, DELETED_PATH) === true);
    if (!isGone || latestMs(registers) >= nowMs - TOMBSTONE_HORIZON_MS)
      for (const above of way) kept.add(above);
  }
  return { objects: new Map([...patch.objects].filter(([id]) => kept.has(id))), actors: patch.actors };
}

/** The object and what it hangs from, as far as that is known. */
function wayUp(patch: Patch, id: ObjectId): readonly ObjectId[] {
  const way: ObjectId[] = [];
  let at = id;
  while (at !== ROOT && way.length < MAX_STEPS && !way.includes(at)) {
    if ((patch.objects.get(at)?.registers.size ?? 0) === 0 || isPersonalObjectId(at)) break;
    way.push(at);
    const parent = valueAt(patch, at, PARENT_PATH);
    at = isObjectId(parent) ? parent : ROOT;
  }
  return way;
}

function valueAt(patch: Patch, id: ObjectId, path: Path) {
  return patch.objects.get(id)?.registers.get(path)?.value;
}

function latestMs(registers: ReadonlyMap<Path, Register>): number {
  let latest = Number.NEGATIVE_INFINITY;
  for (const { stamp } of registers.values()) latest = Math.max(latest, msOf(stamp.time));
  return latest;
}
