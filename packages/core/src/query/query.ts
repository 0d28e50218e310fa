import { componentOf, type ObjectId } from '../ids.ts';
import type { IndexName, Scene } from '../scene/scene.ts';
import type { SceneObject } from '../scene/scene-object.ts';
import { compareValues } from '../value/canonical.ts';
import type { Value } from '../value/value.ts';
import { type CheckedQuery, checkQuery, type ObjectQuery } from './object-query.ts';

/** Candidates of an index that are fewer than this are measured one by one, rather than asking the space index. */
const FEW_OBJECTS = 256;

/** One condition of a query. */
interface Condition {
  readonly holds: (id: ObjectId) => boolean;
  /** The objects for which it holds, where an index knows; `null` where only looking tells. */
  readonly all: { readonly size: number; readonly ids: Iterable<ObjectId> } | null;
}

/**
 * The visible objects that match, sorted by id: the same on every replica with the same registers. Starts from the
 * most selective index there is; with `where` alone it reads every object that has the component.
 *
 * @throws WeftError `invalid-query`
 */
export function query(scene: Scene, what: ObjectQuery): readonly SceneObject[] {
  const checked = checkQuery(what);
  const conditions = [...indexed(scene, checked), ...looked(scene, checked)];
  const first = conditions.reduce<Condition | null>(moreSelective, null);
  const rest = conditions.filter((condition) => condition !== first);
  const ids = [...(first?.all?.ids ?? candidates(scene, checked))]
    .filter((id) => rest.every(({ holds }) => holds(id)))
    // Ids are ASCII, for which the default order is that of the bytes.
    .sort();
  if (ids.length > checked.limit) ids.length = checked.limit;
  return ids.map((id) => scene.get(id)).filter((object) => object !== undefined);
}

function moreSelective(best: Condition | null, next: Condition): Condition | null {
  if (next.all === null) return best;
  return best?.all == null || next.all.size < best.all.size ? next : best;
}

/** Where no index says where to begin: the objects with a component that is asked for, else all. */
function candidates(scene: Scene, { where }: CheckedQuery): Iterable<ObjectId> {
  // Only for want of anything better: the index of all components of all objects is the largest of them.
  const [path] = where.find(([, value]) => value !== null) ?? [];
  return path === undefined ? scene.ids() : scene.lookup('component', componentOf(path));
}

function* indexed(scene: Scene, { kind, name, tag, component, parent }: CheckedQuery): Generator<Condition> {
  const words: readonly [IndexName, string | null][] = [
    ['kind', kind],
    ['name', name],
    ['tag', tag],
    ['component', component],
  ];
  for (const [index, word] of words) {
    if (word === null) continue;
    const ids = scene.lookup(index, word);
    yield { holds: (id) => ids.has(id), all: { size: ids.size, ids } };
  }
  if (parent === null) return;
  const ids = scene.children(parent);
  yield { holds: (id) => scene.parent(id) === parent, all: { size: ids.length, ids } };
}

function* looked(scene: Scene, { where, sphere }: CheckedQuery): Generator<Condition> {
  for (const [path, value] of where)
    yield { holds: (id) => isSameValue(scene.valueAt(id, path) ?? null, value), all: null };
  if (sphere === null) return;
  const { center, radius } = sphere;
  yield {
    holds: (id) => isWithin(scene, id, center, radius),
    all: {
      size: FEW_OBJECTS,
      ids: { [Symbol.iterator]: () => scene.near(center, radius)[Symbol.iterator]() },
    },
  };
}

function isSameValue(a: Value, b: Value): boolean {
  return a === b || (typeof a === 'object' && typeof b === 'object' && compareValues(a, b) === 0);
}

function isWithin(
  scene: Scene,
  id: ObjectId,
  [x, y, z]: readonly [number, number, number],
  radius: number,
): boolean {
  const matrix = scene.worldMatrix(id);
  const dx = (matrix?.[12] ?? Number.NaN) - x;
  const dy = (matrix?.[13] ?? Number.NaN) - y;
  const dz = (matrix?.[14] ?? Number.NaN) - z;
  return dx * dx + dy * dy + dz * dz <= radius * radius;
}
