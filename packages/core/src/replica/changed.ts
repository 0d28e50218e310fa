import type { ObjectId, Path } from '../ids.ts';

/** Which registers have another winner, or none. */
export type Changed = Map<ObjectId, ReadonlySet<Path>>;

export function note(changed: Changed, id: ObjectId, path: Path): void {
  changed.set(id, new Set(changed.get(id)).add(path));
}

/** Both, in the map of the one that is not empty. */
export function together(a: Changed, b: Changed): Changed {
  if (a.size === 0) return b;
  for (const [id, paths] of b) a.set(id, a.get(id)?.union(paths) ?? paths);
  return a;
}
