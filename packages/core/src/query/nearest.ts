import type { ObjectId } from '../ids.ts';
import type { Point } from '../scene/box.ts';
import type { Scene } from '../scene/scene.ts';
import { distanceSquared, sphereVolume } from '../scene/volume.ts';
import type { Condition } from './conditions.ts';
import type { Fuel } from './fuel.ts';
import { compareRanked, type Ranked } from './order.ts';
import { passes } from './plan.ts';

/** The first sphere that is searched, and by how much each next one is larger. */
const FIRST_RADIUS_METRES = 8;
const GROWTH = 2;
/** Beyond this everything is searched at once: the Earth's diameter and more. */
const LAST_RADIUS_METRES = 1e8;
/** After having looked at everything so often, the rest is searched at once. */
const MAX_REPEATS = 2;

/** Metres from a point to the box round an object; `null` where it is at no finite place. */
export function distanceTo(scene: Scene, id: ObjectId, to: Point): number | null {
  const box = scene.box(id);
  if (box === null) return null;
  const distance = Math.sqrt(distanceSquared(box, to));
  return Number.isFinite(distance) ? distance : null;
}

/** The `k` nearest that pass, nearest first, by spheres that grow until one holds enough. */
export function nearestOf(
  scene: Scene,
  { to, k }: { readonly to: Point; readonly k: number },
  tests: readonly Condition[],
  fuel: Fuel,
  scanned: { count: number },
): Ranked[] {
  const best = (ids: Iterable<ObjectId>, radius: number): Ranked[] => {
    const found: Ranked[] = [];
    for (const id of ids) {
      scanned.count += 1;
      fuel.spend(1 + tests.length);
      const distance = distanceTo(scene, id, to);
      if (distance !== null && distance <= radius && passes(tests, id)) found.push({ id, key: [distance] });
    }
    return found.length < k && radius !== Number.POSITIVE_INFINITY ? [] : firstOf(found, k);
  };
  const most = scene.size * MAX_REPEATS;
  for (
    let radius = FIRST_RADIUS_METRES;
    radius <= LAST_RADIUS_METRES && scanned.count < most;
    radius *= GROWTH
  ) {
    const found = best(scene.touching(sphereVolume(to, radius)), radius);
    if (found.length > 0) return found;
  }
  return best(scene.ids(), Number.POSITIVE_INFINITY);
}

export function firstOf(found: Ranked[], k: number): Ranked[] {
  return found.sort((a, b) => compareRanked(a, b, [])).slice(0, k);
}
