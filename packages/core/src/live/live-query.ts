import type { ObjectId } from '../ids.ts';
import { checkQuery } from '../query/check-query.ts';
import { Fuel } from '../query/fuel.ts';
import { invalid } from '../query/invalid.ts';
import { MAX_QUERY_COST } from '../query/limits.ts';
import type { ObjectQuery } from '../query/object-query.ts';
import type { QueryOptions } from '../query/query.ts';
import { type ChangeSet, isEmptyChange } from '../scene/change-set.ts';
import type { Scene } from '../scene/scene.ts';
import type { SceneObject } from '../scene/scene-object.ts';
import { isEmptyDelta, type LiveDelta } from './delta.ts';
import { DeltaQueue } from './delta-queue.ts';
import { LiveResult } from './live-result.ts';

/** What a live query may ask: whole objects, so neither `fields` nor `count`. */
export type LiveQueryForm = Omit<ObjectQuery, 'fields' | 'count'>;

/**
 * A query whose result follows the scene: equal, after every transaction, to running it again. It follows nothing by
 * itself: whoever changes the scene calls `apply` with each change set, at once and in order.
 *
 * A change costs the objects that it names, and what hangs below them where the query asks for places, ancestors or
 * `descendantsOf`; with a limit, `nearest` or `first`, also the size of the result, and now and then the query again.
 * A selector with `+`, `~`, `:has`, `:empty` or a count of siblings is run again after every change.
 */
export class LiveQuery {
  readonly #scene: Scene;
  readonly #result: LiveResult;
  readonly #queues = new Set<DeltaQueue>();
  #value: readonly SceneObject[] = [];
  #isStale = true;
  #hasStopped = false;

  /** @throws WeftError `invalid-query`; `limit` where running it once costs too much */
  constructor(scene: Scene, query: LiveQueryForm, { maxCost = MAX_QUERY_COST }: QueryOptions = {}) {
    const checked = checkQuery(query);
    if (checked.fields !== null) throw invalid('fields', 'none in a live query', checked.fields);
    if (checked.count) throw invalid('count', 'none in a live query', true);
    if (checked.after !== null && (checked.nearest !== null || checked.within?.ray != null))
      throw invalid('after', 'none in a live query that sorts by distance', 'both');
    this.#scene = scene;
    this.#result = new LiveResult(scene, checked, new Fuel(maxCost));
  }

  /** The result in order, frozen: the same array until an object in it, or their order, changes. */
  get value(): readonly SceneObject[] {
    if (!this.#isStale) return this.#value;
    this.#isStale = false;
    const objects = this.#result.ids
      .map((id) => this.#scene.get(id))
      .filter((object) => object !== undefined);
    const isSame =
      objects.length === this.#value.length && objects.every((object, at) => object === this.#value[at]);
    if (!isSame) this.#value = Object.freeze(objects);
    return this.#value;
  }

  get ids(): readonly ObjectId[] {
    return this.#result.ids;
  }

  get hasStopped(): boolean {
    return this.#hasStopped;
  }

  /**
   * Takes in one transaction.
   *
   * @returns what it did to the result; `null` where that is nothing
   * @throws WeftError `limit` where it would cost too much; the query has then stopped
   */
  apply(change: ChangeSet): LiveDelta | null {
    if (this.#hasStopped || isEmptyChange(change)) return null;
    this.#isStale = true;
    let delta: LiveDelta;
    try {
      delta = this.#result.apply(change);
    } catch (error) {
      this.#end(error);
      throw error;
    }
    if (isEmptyDelta(delta)) return null;
    for (const queue of this.#queues) queue.push(delta);
    return delta;
  }

  /** The deltas from now on. A slow reader gets several in one, with their net effect. */
  [Symbol.asyncIterator](): AsyncIterableIterator<LiveDelta, undefined> {
    const queue = new DeltaQueue((ended) => this.#queues.delete(ended));
    if (this.#hasStopped) queue.end();
    else this.#queues.add(queue);
    return queue;
  }

  /** Ends all loops; `value` stays as it is now. */
  stop(): void {
    if (this.#hasStopped) return;
    void this.value;
    this.#end(null);
  }

  #end(error: unknown): void {
    this.#hasStopped = true;
    this.#isStale = false;
    for (const queue of [...this.#queues]) queue.end(error);
  }
}
