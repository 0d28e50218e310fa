import type { ObjectId, Path } from '../ids.ts';
import type { Origin } from '../scene/change-set.ts';

/** What changed of an object that is still in the result. */
export interface LiveChange {
  readonly paths: readonly Path[];
  /** Where the latest of these changes came from. */
  readonly origin: Origin;
}

/**
 * What happened to the result of a live query. Exact: the earlier result without `leave`, then with `enter`, is the later
 * one. An object in both went and came back, and may be another than before.
 */
export interface LiveDelta {
  readonly leave: readonly ObjectId[];
  /** In the order of the result. */
  readonly enter: readonly ObjectId[];
  /** Objects that were in the result and still are, and of which a property changed. */
  readonly change: ReadonlyMap<ObjectId, LiveChange>;
  readonly origin: Origin;
}

export function isEmptyDelta({ leave, enter, change }: LiveDelta): boolean {
  return leave.length === 0 && enter.length === 0 && change.size === 0;
}

/** The net effect of two deltas, one after the other. */
export function coalesce(first: LiveDelta, second: LiveDelta): LiveDelta {
  const leave = new Set(first.leave);
  const enter = new Set(first.enter);
  const change = new Map(first.change);
  for (const id of second.leave) {
    if (!enter.delete(id)) leave.add(id);
    change.delete(id);
  }
  for (const id of second.enter) enter.add(id);
  for (const [id, later] of second.change) {
    // Whoever entered is read whole.
    if (enter.has(id)) continue;
    const paths = new Set([...(change.get(id)?.paths ?? []), ...later.paths]);
    change.set(id, { paths: [...paths], origin: later.origin });
  }
  return { leave: [...leave], enter: [...enter], change, origin: second.origin };
}
