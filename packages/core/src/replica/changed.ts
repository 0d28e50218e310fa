import type { ObjectId, Path } from '../ids.ts';

/** Which registers have another winner, or none. */
export type Changed = ReadonlyMap<ObjectId, ReadonlySet<Path>>;

/** The same while it is worked out. */
export type MutableChanged = Map<ObjectId, ReadonlySet<Path>>;

export function note(changed: MutableChanged, id: ObjectId, path: Path): void {
  changed.set(id, new Set(changed.get(id)).add(path));
}

/** Both, in the map of the first or of the one that is not empty. */
export function together(a: Changed, b: Changed): Changed {
  if (a.size === 0) return b;
  if (b.size === 0) return a;
  const all: MutableChanged = a instanceof Map ? a : new Map(a);
  for (const [id, paths] of b) all.set(id, all.get(id)?.union(paths) ?? paths);
  return all;
}
