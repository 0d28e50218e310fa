import { Query } from 'mingo/query';
import { componentOf, type ObjectId, propertyOf } from '../ids.ts';
import type { Scene } from '../scene/scene.ts';
import { isList, type Value } from '../value/value.ts';
import { type CheckedFilter, plain } from './check-filter.ts';
import { FILTER_CONTEXT } from './filter-operators.ts';
import type { Fuel } from './fuel.ts';

/** A test of one object, by mingo over a document of just the properties that the filter names. */
export function compileFilter(
  scene: Scene,
  { filter, paths, weight }: CheckedFilter,
  fuel: Fuel,
): (id: ObjectId) => boolean {
  const query = new Query(filter, { context: FILTER_CONTEXT, scriptEnabled: false });
  const parts = paths.map((path) => [path, componentOf(path), propertyOf(path)] as const);
  return (id) => {
    const document: Record<string, Record<string, unknown>> = {};
    for (const [path, component, property] of parts) {
      const value = scene.valueAt(id, path);
      if (value === undefined) continue;
      fuel.spend(weightOf(value, weight));
      const held = document[component];
      if (held === undefined) document[component] = { [property]: plain(value) };
      else held[property] = plain(value);
    }
    return query.test(document);
  };
}

/** What it may cost to compare a value: each part of it with each thing it is compared with. */
function weightOf(value: Value, weight: number): number {
  return value === null || typeof value !== 'object' ? 1 : 1 + (partsOf(value) * weight) / 4;
}

function partsOf(value: Value): number {
  if (value === null || typeof value !== 'object') return 1;
  const members: readonly Value[] = isList(value) ? value : Object.values(value);
  let parts = 1;
  for (const member of members) parts += partsOf(member);
  return parts;
}
