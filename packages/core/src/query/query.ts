import { componentOf, type ObjectId } from '../ids.ts';
import { KIND_PATH, NAME_PATH, TAGS_PATH } from '../scene/facts.ts';
import type { Scene } from '../scene/scene.ts';
import type { SceneObject } from '../scene/scene-object.ts';
import { compareValues } from '../value/canonical.ts';
import { compareUtf8 } from '../value/utf8.ts';
import { isList, type Value } from '../value/value.ts';
import { type CheckedQuery, checkQuery, type ObjectQuery } from './object-query.ts';

/** Candidates from a word index that are fewer than this are checked one by one, rather than asking the space index. */
const FEW_OBJECTS = 256;

/**
 * The visible objects that match, sorted by id: the same on every replica with the same registers. Uses the most
 * selective index there is; with `where` alone it reads every object that has the component.
 *
 * @throws WeftError `invalid-query`
 */
export function query(scene: Scene, what: ObjectQuery): readonly SceneObject[] {
  const checked = checkQuery(what);
  const ids = [...candidates(scene, checked)].filter((id) => matches(scene, id, checked)).sort(compareUtf8);
  if (ids.length > checked.limit) ids.length = checked.limit;
  return ids.map((id) => scene.get(id)).filter((object) => object !== undefined);
}

function candidates(scene: Scene, what: CheckedQuery): Iterable<ObjectId> {
  const sets = indexed(scene, what);
  const smallest = sets.reduce<Candidates | null>((a, b) => (a !== null && a.size <= b.size ? a : b), null);
  if (what.sphere !== null && (smallest === null || smallest.size > FEW_OBJECTS))
    return scene.near(what.sphere.center, what.sphere.radius);
  return smallest?.ids ?? scene.ids();
}

interface Candidates {
  readonly size: number;
  readonly ids: Iterable<ObjectId>;
}

function indexed(scene: Scene, { kind, name, tag, parent, component, where }: CheckedQuery): Candidates[] {
  const sets: ReadonlySet<ObjectId>[] = [];
  if (kind !== null) sets.push(scene.lookup('kind', kind));
  if (name !== null) sets.push(scene.lookup('name', name));
  if (tag !== null) sets.push(scene.lookup('tag', tag));
  if (component !== null) sets.push(scene.lookup('component', component));
  const found = sets.map((ids): Candidates => ({ size: ids.size, ids }));
  if (parent !== null) {
    const ids = scene.children(parent);
    found.push({ size: ids.length, ids });
  }
  // Only for want of anything better: an index of all components of all objects is the largest of them.
  if (found.length === 0)
    for (const [path, value] of where) {
      if (value === null) continue;
      const ids = scene.lookup('component', componentOf(path));
      found.push({ size: ids.size, ids });
    }
  return found;
}

function matches(scene: Scene, id: ObjectId, what: CheckedQuery): boolean {
  const { kind, name, tag, parent, component, where, sphere } = what;
  if (kind !== null && scene.valueAt(id, KIND_PATH) !== kind) return false;
  if (name !== null && scene.valueAt(id, NAME_PATH) !== name) return false;
  if (tag !== null && !hasTag(scene.valueAt(id, TAGS_PATH), tag)) return false;
  if (parent !== null && scene.parent(id) !== parent) return false;
  if (component !== null && !scene.lookup('component', component).has(id)) return false;
  for (const [path, value] of where) if (!isSameValue(scene.valueAt(id, path) ?? null, value)) return false;
  return sphere === null || isWithin(scene, id, sphere);
}

function isSameValue(a: Value, b: Value): boolean {
  return a === b || (typeof a === 'object' && typeof b === 'object' && compareValues(a, b) === 0);
}

function hasTag(tags: Value | undefined, tag: string): boolean {
  return tags !== undefined && isList(tags) && tags.includes(tag);
}

function isWithin(
  scene: Scene,
  id: ObjectId,
  { center: [x, y, z], radius }: NonNullable<CheckedQuery['sphere']>,
): boolean {
  const matrix = scene.worldMatrix(id);
  const dx = (matrix?.[12] ?? Number.NaN) - x;
  const dy = (matrix?.[13] ?? Number.NaN) - y;
  const dz = (matrix?.[14] ?? Number.NaN) - z;
  return dx * dx + dy * dy + dz * dz <= radius * radius;
}
