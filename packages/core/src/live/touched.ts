import type { ObjectId, Path } from '../ids.ts';
import type { CheckedQuery } from '../query/check-query.ts';
import { below } from '../query/sources.ts';
import type { ChangeSet } from '../scene/change-set.ts';
import { PARENT_PATH } from '../scene/facts.ts';
import { TRANSFORM_PREFIX } from '../scene/pose.ts';
import type { Scene } from '../scene/scene.ts';

/** Whether a change to an object may change who matches below it. */
type ReachesBelow = (paths: readonly Path[]) => boolean;

/** Whether any change anywhere may change the result, so that the query has to be run again. */
export function dependsOnAnything({ select }: CheckedQuery): boolean {
  return select?.reach === 'anywhere';
}

/**
 * Every object of which a change set may have changed whether and where it stands in a result: those that it names,
 * and what hangs below them where the query looks upwards or at places.
 */
export function touchedOf(scene: Scene, query: CheckedQuery, change: ChangeSet): ReadonlySet<ObjectId> {
  const reachesBelow = reachOf(query);
  const touched = new Set<ObjectId>(change.removed);
  for (const id of change.added) touched.add(id);
  for (const [id, paths] of change.changed) {
    touched.add(id);
    if (reachesBelow(paths)) for (const lower of below(scene, id)) touched.add(lower);
  }
  return touched;
}

function reachOf({ select, within, nearest, descendantsOf }: CheckedQuery): ReachesBelow {
  if (select?.reach === 'above') return () => true;
  const isPlaced = within !== null || nearest !== null;
  if (!isPlaced && descendantsOf === null) return () => false;
  return (paths) =>
    paths.some((path) => path === PARENT_PATH || (isPlaced && path.startsWith(TRANSFORM_PREFIX)));
}
