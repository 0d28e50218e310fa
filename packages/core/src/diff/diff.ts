import type { ObjectId, Path } from '../ids.ts';
import type { Patch } from '../register/patch.ts';
import { isSameValue } from '../value/canonical.ts';
import { compareUtf8 } from '../value/utf8.ts';
import type { Value } from '../value/value.ts';
import { readScene } from './read-scene.ts';

/** A property on either side; `null` where it holds nothing. */
export type PropertyChange = readonly [before: Value, after: Value];

/** How two moments or copies of a world differ, in values: who wrote them and when does not count. */
export interface WorldDiff {
  /** Objects that are visible after and were not before, by id. */
  readonly added: readonly ObjectId[];
  /** Objects that were visible before and are not after, by id. */
  readonly removed: readonly ObjectId[];
  /**
   * Every property that holds something else, by object and path. Of hidden and deleted objects too, so that the values
   * of the first side with these changes are those of the second.
   */
  readonly changed: ReadonlyMap<ObjectId, ReadonlyMap<Path, PropertyChange>>;
}

/** Something with a patch: a world, a file, a replica, or the patch itself. */
export type DiffSide = Patch | { toPatch(): Patch };

/**
 * What changes from one side to the other; the same for the same values, in one order. What is visible is told by the
 * registers alone: rules of a room are not counted. Costs both sides whole.
 */
export function diff(before: DiffSide, after: DiffSide): WorldDiff {
  const [a, b] = [patchOfSide(before), patchOfSide(after)];
  const [shownBefore, shownAfter] = [new Set(readScene(a).ids()), new Set(readScene(b).ids())];
  const changed = new Map<ObjectId, ReadonlyMap<Path, PropertyChange>>();
  for (const id of sortedIds(new Set([...a.objects.keys(), ...b.objects.keys()]))) {
    const paths = changesOf(a, b, id);
    if (paths.size > 0) changed.set(id, paths);
  }
  return {
    added: sortedIds(shownAfter.difference(shownBefore)),
    removed: sortedIds(shownBefore.difference(shownAfter)),
    changed,
  };
}

const NO_CHANGES: ReadonlyMap<Path, PropertyChange> = new Map();

/** Whether nothing differs. */
export function isEmptyDiff({ added, removed, changed }: WorldDiff): boolean {
  return added.length === 0 && removed.length === 0 && changed.size === 0;
}

function patchOfSide(side: DiffSide): Patch {
  return 'toPatch' in side ? side.toPatch() : side;
}

/** Ids are ASCII, so the order of UTF-16 units is that of bytes. */
export function sortedIds(ids: Iterable<ObjectId>): readonly ObjectId[] {
  return [...ids].sort();
}

function changesOf(a: Patch, b: Patch, id: ObjectId): ReadonlyMap<Path, PropertyChange> {
  const before = a.objects.get(id)?.registers;
  const after = b.objects.get(id)?.registers;
  if (before === after) return NO_CHANGES;
  const changes: [Path, PropertyChange][] = [];
  for (const path of new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])) {
    const [was, is] = [before?.get(path)?.value ?? null, after?.get(path)?.value ?? null];
    if (!isSameValue(was, is)) changes.push([path, [was, is]]);
  }
  return changes.length === 0 ? NO_CHANGES : new Map(changes.sort(([a], [b]) => compareUtf8(a, b)));
}
