import type { ObjectId } from '../ids.ts';
import type { CheckedQuery } from '../query/check-query.ts';
import { type Condition, conditionsOf } from '../query/conditions.ts';
import type { Fuel } from '../query/fuel.ts';
import { compareRanked, type Ranked } from '../query/order.ts';
import { passes } from '../query/plan.ts';
import { positionBehind, rankedMatches } from '../query/query.ts';
import { directionsOf, rankerOf } from '../query/rank.ts';
import type { ChangeSet } from '../scene/change-set.ts';
import type { Scene } from '../scene/scene.ts';
import type { LiveChange, LiveDelta } from './delta.ts';
import { dependsOnAnything, touchedOf } from './touched.ts';

/** Matches kept beyond a limit, so that most that leave are replaced without asking again. */
const SPARE_MATCHES = 32;

/**
 * The result of a query, kept up to date. Holds all matches in order, or, where the query has a limit, the first of
 * them: as many as the limit and some to spare. Whatever is held is always a whole beginning of the order.
 */
export class LiveResult {
  readonly #scene: Scene;
  readonly #query: CheckedQuery;
  readonly #fuel: Fuel;
  readonly #conditions: readonly Condition[];
  readonly #rank: (id: ObjectId) => Ranked | null;
  readonly #directions: readonly (1 | -1)[];
  /** How many of those held are the result. */
  readonly #most: number;
  readonly #capacity: number;
  #order: Ranked[] = [];
  #held = new Map<ObjectId, Ranked>();
  /** Whether there are no more matches than those held. */
  #isWhole = true;

  /** @throws WeftError `limit` */
  constructor(scene: Scene, query: CheckedQuery, fuel: Fuel) {
    this.#scene = scene;
    this.#query = query;
    this.#fuel = fuel;
    this.#conditions = conditionsOf(scene, query, fuel);
    this.#rank = rankerOf(scene, query);
    this.#directions = directionsOf(query);
    const { limit, nearest, within } = query;
    this.#most = Math.min(
      limit,
      nearest?.k ?? Number.POSITIVE_INFINITY,
      within?.first === true ? 1 : Number.POSITIVE_INFINITY,
    );
    this.#capacity = 2 * this.#most + SPARE_MATCHES;
    this.#fill();
  }

  get ids(): readonly ObjectId[] {
    return this.#result().map(({ id }) => id);
  }

  /** Takes in one transaction, which the scene must show already. @throws WeftError `limit` */
  apply(change: ChangeSet): LiveDelta {
    this.#fuel.refill();
    if (dependsOnAnything(this.#query)) return this.#runAgain(change);
    return this.#most === Number.POSITIVE_INFINITY ? this.#applyWhole(change) : this.#applyLimited(change);
  }

  /** Without a limit, only those touched can have come or gone. */
  #applyWhole(change: ChangeSet): LiveDelta {
    const leave: ObjectId[] = [];
    const enter: Ranked[] = [];
    const stayed: ObjectId[] = [];
    for (const id of touchedOf(this.#scene, this.#query, change)) {
      const before = this.#held.has(id);
      const after = this.#test(id);
      this.#place(id, after);
      if (before && after === null) leave.push(id);
      if (!before && after !== null) enter.push(after);
      if (before && after !== null) stayed.push(id);
    }
    return this.#delta(change, leave, enter, stayed);
  }

  #applyLimited(change: ChangeSet): LiveDelta {
    const before = new Set(this.ids);
    for (const id of touchedOf(this.#scene, this.#query, change)) this.#place(id, this.#test(id));
    if (!this.#isWhole && this.#order.length < this.#most) this.#fill();
    return this.#compare(change, before);
  }

  #runAgain(change: ChangeSet): LiveDelta {
    const before = new Set(this.ids);
    this.#fill();
    return this.#compare(change, before);
  }

  #compare(change: ChangeSet, before: ReadonlySet<ObjectId>): LiveDelta {
    const now = this.#result();
    const after = new Set(now.map(({ id }) => id));
    return this.#delta(
      change,
      [...before].filter((id) => !after.has(id)),
      now.filter(({ id }) => !before.has(id)),
      [...change.changed.keys()].filter((id) => before.has(id) && after.has(id)),
    );
  }

  #delta(
    { origin, changed }: ChangeSet,
    leave: readonly ObjectId[],
    enter: Ranked[],
    stayed: readonly ObjectId[],
  ): LiveDelta {
    const change = new Map<ObjectId, LiveChange>();
    for (const id of stayed) {
      const paths = changed.get(id);
      if (paths !== undefined) change.set(id, { paths, origin });
    }
    enter.sort((a, b) => compareRanked(a, b, this.#directions));
    return { leave, enter: enter.map(({ id }) => id), change, origin };
  }

  #result(): readonly Ranked[] {
    return this.#order.length > this.#most ? this.#order.slice(0, this.#most) : this.#order;
  }

  /** Where the object stands in the order of all matches; `null` where it is none. */
  #test(id: ObjectId): Ranked | null {
    this.#fuel.spend(1 + this.#conditions.length);
    if (!this.#scene.has(id) || !passes(this.#conditions, id)) return null;
    const ranked = this.#rank(id);
    const { after } = this.#query;
    if (ranked === null || after === null) return ranked;
    return compareRanked(ranked, after, this.#directions) > 0 ? ranked : null;
  }

  #place(id: ObjectId, after: Ranked | null): void {
    const before = this.#held.get(id);
    if (before !== undefined) {
      if (after !== null && compareRanked(before, after, this.#directions) === 0) return;
      this.#held.delete(id);
      this.#order.splice(positionBehind(this.#order, before, this.#directions) - 1, 1);
    }
    if (after === null || !this.#belongs(after)) return;
    this.#held.set(id, after);
    this.#order.splice(positionBehind(this.#order, after, this.#directions), 0, after);
    if (this.#order.length <= this.#capacity) return;
    const last = this.#order.pop();
    if (last !== undefined) this.#held.delete(last.id);
    this.#isWhole = false;
  }

  /** What comes behind the last of an unfinished list may have others before it that are not held. */
  #belongs(ranked: Ranked): boolean {
    if (this.#isWhole) return true;
    const last = this.#order.at(-1);
    return last !== undefined && compareRanked(ranked, last, this.#directions) < 0;
  }

  #fill(): void {
    const { ranked, isWhole } = rankedMatches(this.#scene, this.#query, this.#fuel, this.#capacity);
    this.#order = ranked;
    this.#isWhole = isWhole;
    this.#held = new Map(ranked.map((each) => [each.id, each]));
  }
}
