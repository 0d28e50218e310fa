import type { ObjectId } from '../ids.ts';
import { isBoundsPath } from '../scene/box.ts';
import type { Scene } from '../scene/scene.ts';
import { positionOfId } from '../scene/sorted-ids.ts';
import { type CheckedQuery, checkQuery } from './check-query.ts';
import { conditionsOf } from './conditions.ts';
import { Fuel } from './fuel.ts';
import { IdHeap } from './id-heap.ts';
import { MAX_QUERY_COST } from './limits.ts';
import { firstOf, nearestOf } from './nearest.ts';
import type { ObjectQuery } from './object-query.ts';
import { compareRanked, cursorOf, type Ranked } from './order.ts';
import { type Plan, passes, planOf, search } from './plan.ts';
import { type QueryPlan, QueryResult } from './query-result.ts';
import { directionsOf, rankerOf } from './rank.ts';

export interface QueryOptions {
  /** What it may cost, for callers who may ask for more than strangers; default `MAX_QUERY_COST`. */
  readonly maxCost?: number;
}

/** Candidates are ranked one by one, rather than by growing spheres, where an index finds at most so many times `k`. */
const NEAREST_FEW = 8;
/** So many ids are put in order for the price of one look at an object. */
const HEAP_IDS_A_COST = 4;

/**
 * The visible objects that match everything asked: the same, in the same order, on every replica with the same
 * registers. Begins with the index that finds the fewest; `explain()` says which.
 *
 * @throws WeftError `invalid-query`, with the path; `limit` where it would cost too much, with what would help
 */
export function query(
  scene: Scene,
  what: ObjectQuery,
  { maxCost = MAX_QUERY_COST }: QueryOptions = {},
): QueryResult {
  return answer(scene, checkQuery(what), new Fuel(maxCost));
}

/** The page of a checked query. */
export function answer(scene: Scene, checked: CheckedQuery, fuel: Fuel): QueryResult {
  const plan = planOf(scene, checked, conditionsOf(scene, checked, fuel), fuel);
  const scanned = { count: 0 };
  const explain = (ids: readonly ObjectId[], index = plan.source.index): QueryPlan => ({
    index,
    candidates: plan.source.size,
    scanned: scanned.count,
    tests: plan.tests.map(({ name }) => name),
    order: orderOf(checked),
    cost: Math.ceil(fuel.spent),
    maxCost: fuel.max,
    points: checked.within === null && checked.nearest === null ? null : countPoints(scene, ids),
  });
  if (isUnordered(checked)) {
    const page = pageById(checked, plan, fuel, scanned);
    return resultOf(scene, checked, page, () => explain(page.ids));
  }
  const found = rankedOf(scene, checked, plan, fuel, scanned);
  const page = pageOf(found.ranked, checked);
  return resultOf(scene, checked, { ...page, count: found.ranked.length }, () =>
    explain(page.ids, found.index),
  );
}

interface Page {
  readonly ids: readonly ObjectId[];
  readonly next: string | null;
  readonly count: number | null;
}

function resultOf(
  scene: Scene,
  { count, fields }: CheckedQuery,
  page: Page,
  explain: () => QueryPlan,
): QueryResult {
  return new QueryResult(scene, { ...page, ...(count ? { ids: [], next: null } : {}), fields, explain });
}

function isUnordered({ sort, nearest, within }: CheckedQuery): boolean {
  return sort.length === 0 && nearest === null && within?.ray == null;
}

function orderOf(checked: CheckedQuery): readonly string[] {
  if (checked.sort.length > 0) return checked.sort.map(({ path }) => path.text);
  return [isUnordered(checked) ? 'id' : 'distance'];
}

/** By id alone, which needs no keys. A page is looked for from the least id on, until it is full. */
function pageById(checked: CheckedQuery, plan: Plan, fuel: Fuel, scanned: { count: number }): Page {
  const { limit, after, count } = checked;
  if (plan.source.sorted === undefined && (count || limit === Number.POSITIVE_INFINITY)) {
    const ids = [...search(plan, fuel, scanned)];
    const behind = (after === null ? ids : ids.filter((id) => id > after.id)).sort();
    return { ...cutById(behind, limit), count: ids.length };
  }
  const most = count ? Number.POSITIVE_INFINITY : limit;
  const ids: ObjectId[] = [];
  for (const id of inOrder(plan, count ? null : after, fuel)) {
    scanned.count += 1;
    fuel.spend(1 + plan.tests.length);
    if (passes(plan.tests, id)) ids.push(id);
    if (ids.length > most) return { ...cutById(ids, most), count: null };
  }
  return { ids, next: null, count: count || after === null ? ids.length : null };
}

/** The candidates behind a place, from the least id on. */
function* inOrder({ source }: Plan, after: Ranked | null, fuel: Fuel): Generator<ObjectId> {
  if (source.sorted !== undefined) {
    const sorted = source.sorted();
    for (let at = after === null ? 0 : positionOfId(sorted, after.id); at < sorted.length; at++) {
      const id = sorted[at];
      if (id !== undefined && id !== after?.id) yield id;
    }
    return;
  }
  const given = source.repeats ? new Set(source.ids()) : source.ids();
  const candidates = after === null ? [...given] : [...given].filter((id) => id > after.id);
  fuel.spend(candidates.length / HEAP_IDS_A_COST);
  const heap = new IdHeap(candidates);
  for (let id = heap.take(); id !== undefined; id = heap.take()) yield id;
}

function cutById(sorted: readonly ObjectId[], limit: number): Omit<Page, 'count'> {
  const ids = sorted.length > limit ? sorted.slice(0, limit) : sorted;
  const last = ids.at(-1);
  return { ids, next: sorted.length > limit && last !== undefined ? cursorOf({ id: last, key: [] }) : null };
}

function rankedOf(
  scene: Scene,
  checked: CheckedQuery,
  plan: Plan,
  fuel: Fuel,
  scanned: { count: number },
): { readonly ranked: Ranked[]; readonly index: string } {
  const { nearest, within } = checked;
  if (nearest !== null && plan.source.size > nearest.k * NEAREST_FEW) {
    const tests = conditionsOf(scene, checked, fuel);
    return { ranked: nearestOf(scene, nearest, tests, fuel, scanned), index: 'space by distance' };
  }
  const rank = rankerOf(scene, checked);
  const ranked: Ranked[] = [];
  for (const id of search(plan, fuel, scanned)) {
    const next = rank(id);
    if (next !== null) ranked.push(next);
  }
  const { index } = plan.source;
  if (nearest !== null) return { ranked: firstOf(ranked, nearest.k), index };
  fuel.spend(ranked.length);
  const directions = directionsOf(checked);
  ranked.sort((a, b) => compareRanked(a, b, directions));
  if (within?.first === true) ranked.length = Math.min(1, ranked.length);
  return { ranked, index };
}

/**
 * The matches behind `after`, in order, but no more than `most`; says whether these are all. For live queries, which
 * keep more than they show.
 */
export function rankedMatches(
  scene: Scene,
  checked: CheckedQuery,
  fuel: Fuel,
  most: number,
): { readonly ranked: Ranked[]; readonly isWhole: boolean } {
  const { nearest, within, after } = checked;
  // Also when the first few are asked for, the next few are needed to follow what happens to them.
  const wider: CheckedQuery = {
    ...checked,
    nearest: nearest === null ? null : { ...nearest, k: most },
    within: within === null ? null : { ...within, first: false },
  };
  const plan = planOf(scene, wider, conditionsOf(scene, wider, fuel), fuel);
  const { ranked } = rankedOf(scene, wider, plan, fuel, { count: 0 });
  const from = after === null ? 0 : positionBehind(ranked, after, directionsOf(checked));
  const page = ranked.slice(from, from + most);
  return {
    ranked: page,
    isWhole: from + page.length === ranked.length && (nearest === null || ranked.length < most),
  };
}

function pageOf(sorted: readonly Ranked[], checked: CheckedQuery): Omit<Page, 'count'> {
  const { after, limit } = checked;
  const directions = directionsOf(checked);
  const from = after === null ? 0 : positionBehind(sorted, after, directions);
  const page = sorted.slice(from, from + limit);
  const last = page.at(-1);
  const isLast = from + page.length >= sorted.length;
  return { ids: page.map(({ id }) => id), next: isLast || last === undefined ? null : cursorOf(last) };
}

/** How many are at or before a place in the order. */
export function positionBehind(
  sorted: readonly Ranked[],
  place: Ranked,
  directions: readonly (1 | -1)[],
): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const ranked = sorted[middle];
    if (ranked !== undefined && compareRanked(ranked, place, directions) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function countPoints(scene: Scene, ids: readonly ObjectId[]): number {
  return ids.filter((id) => !hasBounds(scene, id)).length;
}

function hasBounds(scene: Scene, id: ObjectId): boolean {
  for (const [path] of scene.get(id)?.entries() ?? []) if (isBoundsPath(path)) return true;
  return false;
}
