import { componentOf, type ObjectId } from '../ids.ts';
import type { Scene } from '../scene/scene.ts';
import type { CheckedQuery } from './check-query.ts';
import type { Condition } from './conditions.ts';
import type { Fuel } from './fuel.ts';
import { everything, type Source, sourcesOf, spaceSource, subtreeSource } from './sources.ts';

/** Where the search begins and what is left to test. */
export interface Plan {
  readonly source: Source;
  readonly tests: readonly Condition[];
}

/** Begins with the index that finds the fewest objects. */
export function planOf(
  scene: Scene,
  query: CheckedQuery,
  conditions: readonly Condition[],
  fuel: Fuel,
): Plan {
  let best = everything(scene);
  for (const source of sourcesOf(scene, query)) best = fewer(best, source);
  best = fewer(best, subtreeSource(scene, query, best.size));
  best = fewer(best, spaceSource(scene, query, best.size));
  if (best.index === 'all objects') best = fewer(best, writtenSource(scene, query));
  fuel.hint = hintOf(query, best);
  return { source: best, tests: conditions.filter(({ name }) => name !== best.proves) };
}

/** The ids that match, in no particular order; counts what it looks at. */
export function* search(
  { source, tests }: Plan,
  fuel: Fuel,
  scanned: { count: number },
): Generator<ObjectId> {
  const ids = source.repeats ? new Set(source.ids()) : source.ids();
  const cost = 1 + tests.length;
  for (const id of ids) {
    scanned.count += 1;
    fuel.spend(cost);
    if (passes(tests, id)) yield id;
  }
}

export function passes(tests: readonly Condition[], id: ObjectId): boolean {
  for (const { holds } of tests) if (!holds(id)) return false;
  return true;
}

function fewer(best: Source, next: Source | null): Source {
  return next !== null && next.size < best.size ? next : best;
}

/** The objects with a component that must be there. Last, since the index of all components is the largest of them. */
function writtenSource(scene: Scene, { where }: CheckedQuery): Source | null {
  const [hint] = where?.hints ?? [];
  if (hint === undefined) return null;
  const component = componentOf(hint.path);
  const ids = scene.lookup('component', component);
  return { index: `component ${component}`, size: ids.size, ids: () => ids, proves: null, repeats: false };
}

function hintOf({ where }: CheckedQuery, source: Source): string {
  const [hint] = where?.hints ?? [];
  if (source.index !== 'all objects' && !source.index.startsWith('component '))
    return `It began with ${source.size} objects (${source.index}): ask for something rarer beside it, or for fewer steps in the selector.`;
  return hint === undefined
    ? 'It looked at every object: ask for a kind, name, tag, parent or place beside it, so that an index can be used.'
    : `Declare an index of ${hint.path}, or ask for a kind, name, tag, parent or place beside it.`;
}
