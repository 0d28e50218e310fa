import { Query } from 'mingo/query';
import type { ObjectId } from '../ids.ts';
import type { Scene } from '../scene/scene.ts';
import { isList, type Value } from '../value/value.ts';
import { type CheckedFilter, plain } from './check-filter.ts';
import { FILTER_OPTIONS } from './filter-operators.ts';
import type { Fuel } from './fuel.ts';
import { readValuePath } from './value-path.ts';

/** A test of one object, by mingo over a flat document of just what the filter names. */
export function compileFilter(
  scene: Scene,
  { filter, fields, weight }: CheckedFilter,
  fuel: Fuel,
): (id: ObjectId) => boolean {
  const query = new Query(filter, FILTER_OPTIONS);
  return (id) => {
    const document: Record<string, unknown> = {};
    for (const [name, path] of fields) {
      const value = readValuePath(scene, id, path);
      if (value === null) continue;
      fuel.spend(weightOf(value, weight));
      document[name] = plain(value);
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
