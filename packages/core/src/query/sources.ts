import { isObjectId, type ObjectId } from '../ids.ts';
import { BUILT_IN_INDEXES, type PropertyLookup } from '../scene/property-index.ts';
import type { Scene } from '../scene/scene.ts';
import { type FoundIds, SortedIds } from '../scene/sorted-ids.ts';
import type { IndexHint } from './check-filter.ts';
import type { CheckedQuery } from './check-query.ts';
import type { Anchor } from './check-selector.ts';
import type { Condition } from './conditions.ts';

/** Where the search for matches can begin: everything that matches is among these objects. */
export interface Source {
  /** What `explain` calls it. */
  readonly index: string;
  /** How many there are, or about how many. */
  readonly size: number;
  readonly ids: () => Iterable<ObjectId>;
  /** The same in order, each once, where the index keeps them so. */
  readonly sorted?: () => readonly ObjectId[];
  /** A condition that holds of all of them, so that it need not be tested. */
  readonly proves: Condition['name'] | null;
  /** Whether the same object may come twice. */
  readonly repeats: boolean;
}

/** Asking the space index costs about this many tests, so it is not asked where another index finds fewer. */
const SPACE_MIN_OBJECTS = 64;
const MAX_ESTIMATE = 1_000_000;

/** Every object: where to begin for want of anything better. */
export function everything(scene: Scene): Source {
  return { index: 'all objects', size: scene.size, ids: () => scene.ids(), proves: null, repeats: false };
}

/** Every index that can find the matches of a query. */
export function* sourcesOf(scene: Scene, query: CheckedQuery): Generator<Source> {
  for (const index of ['kind', 'name', 'tag', 'component'] as const) {
    const word = query[index];
    if (word !== null) yield setSource(index, scene.lookup(index, word), index);
  }
  if (query.parent !== null) yield listSource('parent', scene.children(query.parent), 'parent');
  const { anchors } = query.select ?? { anchors: null };
  if (anchors !== null) yield anchorsSource(scene, anchors);
  for (const hint of query.where?.hints ?? []) {
    const source = hintSource(scene, hint);
    if (source !== null) yield source;
  }
}

/** The space index, where another index finds more than `best` objects. */
export function spaceSource(scene: Scene, { within }: CheckedQuery, best: number): Source | null {
  if (within === null || best <= SPACE_MIN_OBJECTS) return null;
  return {
    index: 'space',
    size: scene.estimate(within.volume, Math.min(best, MAX_ESTIMATE)),
    ids: () => scene.touching(within.volume),
    proves: 'within',
    repeats: false,
  };
}

/** The subtree, counted no further than `best`. */
export function subtreeSource(scene: Scene, { descendantsOf }: CheckedQuery, best: number): Source | null {
  if (descendantsOf === null) return null;
  let size = 0;
  for (const _ of below(scene, descendantsOf)) {
    size += 1;
    if (size >= best) return null;
  }
  return {
    index: 'subtree',
    size,
    ids: () => below(scene, descendantsOf),
    proves: 'descendantsOf',
    repeats: false,
  };
}

/** Every visible object below another, each once. */
export function* below(scene: Scene, top: ObjectId): Generator<ObjectId> {
  const queue = [...scene.children(top)];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    yield id;
    for (const child of scene.children(id)) queue.push(child);
  }
}

function setSource(index: string, ids: FoundIds, proves: Source['proves']): Source {
  return { index, size: ids.size, ids: () => ids, sorted: () => ids.sorted(), proves, repeats: false };
}

function listSource(index: string, ids: readonly ObjectId[], proves: Source['proves']): Source {
  return { index, size: ids.length, ids: () => ids, proves, repeats: false };
}

function anchorsSource(scene: Scene, anchors: readonly Anchor[]): Source {
  const sets = anchors.map((anchor) => anchored(scene, anchor));
  const [first] = sets;
  return {
    ...(first !== undefined && sets.length === 1 ? { sorted: () => first.sorted() } : {}),
    index: `select by ${[...new Set(anchors.map(({ by }) => by))].join(', ')}`,
    size: sets.reduce((sum, set) => sum + set.size, 0),
    ids: () => sets.flatMap((set) => [...set]),
    proves: null,
    repeats: sets.length > 1,
  };
}

function anchored(scene: Scene, { by, word }: Anchor): FoundIds {
  if (by !== 'id') return scene.lookup(by, word);
  const found = new SortedIds();
  return isObjectId(word) && scene.has(word) ? found.add(word) : found;
}

/** The index of a property: a declared one, or one of the few that are always kept. */
function hintSource(scene: Scene, hint: IndexHint): Source | null {
  if (BUILT_IN_INDEXES.has(hint.path)) scene.declareIndex(hint.path);
  const lookup = scene.property(hint.path);
  if (lookup === undefined) return null;
  if ('values' in hint) {
    const sets = hint.values.map((value) => lookup.equal(value));
    return {
      index: hint.path,
      size: sets.reduce((sum, set) => sum + set.size, 0),
      ids: () => sets.flatMap((set) => [...set]),
      proves: null,
      repeats: sets.length > 1,
    };
  }
  return { index: `${hint.path} by order`, ...rangeOf(lookup, hint), proves: null, repeats: lookup.hasLists };
}

function rangeOf(lookup: PropertyLookup, { low, high }: Extract<IndexHint, { readonly low: unknown }>) {
  // One item of a list may fit the low end and another the high end.
  const { size, ids } = lookup.hasLists && low !== null ? lookup.range(low, null) : lookup.range(low, high);
  return { size, ids: () => ids };
}
