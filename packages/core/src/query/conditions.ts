import { type ObjectId, ROOT } from '../ids.ts';
import { KIND_PATH, NAME_PATH, TAGS_PATH } from '../scene/facts.ts';
import type { Scene } from '../scene/scene.ts';
import { isList } from '../value/value.ts';
import type { CheckedQuery } from './check-query.ts';
import { compileFilter } from './filter.ts';
import type { Fuel } from './fuel.ts';
import { compileSelector } from './selector.ts';
import { compileText } from './text-search.ts';

/** One thing that must hold of an object. */
export interface Condition {
  readonly name:
    | 'kind'
    | 'name'
    | 'tag'
    | 'parent'
    | 'component'
    | 'descendantsOf'
    | 'within'
    | 'where'
    | 'select'
    | 'text';
  readonly holds: (id: ObjectId) => boolean;
}

/** The conditions of a query, the cheapest first. They hold of visible objects only. */
export function conditionsOf(scene: Scene, query: CheckedQuery, fuel: Fuel): readonly Condition[] {
  const { kind, name, tag, parent, component, descendantsOf, within, where, select, text } = query;
  const conditions: Condition[] = [];
  const add = (condition: Condition['name'], holds: Condition['holds']) =>
    conditions.push({ name: condition, holds });
  if (parent !== null) add('parent', (id) => scene.parent(id) === parent);
  if (kind !== null) add('kind', (id) => scene.valueAt(id, KIND_PATH) === kind);
  if (name !== null) add('name', (id) => scene.valueAt(id, NAME_PATH) === name);
  if (tag !== null) add('tag', (id) => hasTag(scene, id, tag));
  if (component !== null) add('component', (id) => scene.lookup('component', component).has(id));
  if (within !== null) add('within', (id) => touches(scene, id, within.volume.touches));
  if (where !== null) add('where', compileFilter(scene, where, fuel));
  if (descendantsOf !== null) add('descendantsOf', (id) => isBelow(scene, id, descendantsOf, fuel));
  if (text !== null) add('text', compileText(scene, text, fuel));
  if (select !== null) add('select', compileSelector(scene, select, fuel));
  return conditions;
}

function hasTag(scene: Scene, id: ObjectId, tag: string): boolean {
  const tags = scene.valueAt(id, TAGS_PATH) ?? null;
  return isList(tags) && tags.includes(tag);
}

function touches(
  scene: Scene,
  id: ObjectId,
  test: NonNullable<CheckedQuery['within']>['volume']['touches'],
): boolean {
  const box = scene.box(id);
  return box !== null && test(box);
}

/** The visible tree is at most `MAX_DEPTH` deep. */
function isBelow(scene: Scene, id: ObjectId, top: ObjectId, fuel: Fuel): boolean {
  if (top === ROOT) return scene.has(id);
  for (let up = scene.parent(id); up !== undefined && up !== ROOT; up = scene.parent(up)) {
    fuel.spend(1);
    if (up === top) return true;
  }
  return false;
}
