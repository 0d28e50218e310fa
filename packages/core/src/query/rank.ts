import type { ObjectId } from '../ids.ts';
import type { Scene } from '../scene/scene.ts';
import { distanceAlong } from '../scene/volume.ts';
import type { CheckedQuery } from './check-query.ts';
import { distanceTo } from './nearest.ts';
import type { Ranked } from './order.ts';
import { readValuePath } from './value-path.ts';

const NO_KEY: readonly [] = [];

/** What an object is sorted by: a distance, or values; `null` where it has no distance. */
export function rankerOf(scene: Scene, query: CheckedQuery): (id: ObjectId) => Ranked | null {
  const { nearest, within, sort } = query;
  const ray = within?.ray ?? null;
  if (ray !== null)
    return (id) => {
      const box = scene.box(id);
      return measured(id, box === null ? null : distanceAlong(ray, box));
    };
  if (nearest !== null) return (id) => measured(id, distanceTo(scene, id, nearest.to));
  if (sort.length === 0) return (id) => ({ id, key: NO_KEY });
  return (id) => ({ id, key: sort.map(({ path }) => readValuePath(scene, id, path)) });
}

/** How each part of the key is sorted. */
export function directionsOf({ sort }: CheckedQuery): readonly (1 | -1)[] {
  return sort.map(({ direction }) => direction);
}

function measured(id: ObjectId, distance: number | null): Ranked | null {
  return distance === null ? null : { id, key: [distance] };
}
