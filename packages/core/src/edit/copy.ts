import { unknownProperty, validateComponent } from '../components/validate.ts';
import type { IntakeProblem } from '../event/intake-problem.ts';
import { componentOf, type ObjectId, type Path, propertyOf, ROOT } from '../ids.ts';
import { DELETED_PATH, LOCKED_PATH, ORDER_PATH, OWNER_PATH, PARENT_PATH } from '../scene/facts.ts';
import type { Scene } from '../scene/scene.ts';
import type { SceneObject } from '../scene/scene-object.ts';
import { isList, type Value } from '../value/value.ts';
import { MAX_EDIT_OBJECTS, tooManyObjects } from './compose.ts';
import type { ComponentWrites, EditDraft } from './draft.ts';

/** What a copy became. */
export interface CopiedScene {
  /** The new id of each object of the copied scene, parents before children. */
  readonly ids: ReadonlyMap<ObjectId, ObjectId>;
  /** Properties that were left out, since this world's authors may not write them so. */
  readonly problems: readonly IntakeProblem[];
}

/** Where it stands is said anew; whose it is and whether it is locked are not for a copy to say. */
const NOT_COPIED: ReadonlySet<Path> = new Set([
  PARENT_PATH,
  ORDER_PATH,
  DELETED_PATH,
  OWNER_PATH,
  LOCKED_PATH,
]);

/** Shorter texts in components of strangers are words more often than ids. */
const MIN_REFERENCE_CHARACTERS = 16;

/**
 * Adds all that a scene shows below an object, in the same order, under new ids. Texts of custom components that are an
 * id of the copied scene, of 16 characters or more, are given the new one.
 *
 * @throws WeftError `limit` past 5000 objects or 256 levels, `unknown-object` for the parent
 */
export function copyScene(draft: EditDraft, from: Scene, parent: ObjectId): CopiedScene {
  if (from.size > MAX_EDIT_OBJECTS) throw tooManyObjects(from.size);
  const ids = new Map<ObjectId, ObjectId>();
  const problems: IntakeProblem[] = [];
  const sources: SceneObject[] = [];
  const queue = [...from.children(ROOT)];
  for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
    const source = from.get(id);
    if (source === undefined) continue;
    sources.push(source);
    const built = componentsOf(source, isBuilt, (value) => value, problems);
    ids.set(id, draft.add({ ...built, parent: ids.get(source.parent) ?? parent }));
    queue.push(...source.children);
  }
  for (const source of sources) {
    const copy = ids.get(source.id);
    const custom = componentsOf(
      source,
      (name) => !isBuilt(name),
      (value) => renamed(value, ids),
      problems,
    );
    if (copy !== undefined && Object.keys(custom).length > 0) draft.set(copy, custom);
  }
  return { ids, problems };
}

function isBuilt(component: string): boolean {
  return !component.includes(':');
}

function componentsOf(
  source: SceneObject,
  wanted: (component: string) => boolean,
  translate: (value: Value) => Value,
  problems: IntakeProblem[],
): ComponentWrites {
  const components: Record<string, Record<string, Value>> = Object.create(null);
  for (const [path, value] of source.entries()) {
    const [component, property] = [componentOf(path), propertyOf(path)];
    if (!wanted(component) || NOT_COPIED.has(path)) continue;
    const expected = unknownProperty(component, property) ?? validateComponent(component, property, value);
    if (expected === null) components[component] = { ...components[component], [property]: translate(value) };
    else problems.push({ carrier: source.id, path, reason: `expected ${expected}; it was not copied` });
  }
  return components;
}

function renamed(value: Value, ids: ReadonlyMap<string, ObjectId>): Value {
  if (typeof value === 'string')
    return value.length < MIN_REFERENCE_CHARACTERS ? value : (ids.get(value) ?? value);
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map((entry) => renamed(entry, ids));
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, renamed(entry, ids)]));
}
