import type { ObjectId, SceneObject } from '@weft/core';
import type { PartPose } from '@weft/protocol';
import { placeOf } from './place.ts';

/** Where somebody arrives. */
export interface SpawnPlace extends PartPose {
  /** The spawn point; `null` where the world has none: in its middle. */
  readonly object: ObjectId | null;
}

/**
 * Where to arrive: at the spawn point of that name, else at the default one, else at the first one in the order of their ids,
 * else in the middle. Spread within its radius, upright, looking along its -z axis.
 *
 * @param name as a portal names it; `null` for none
 * @param fraction in [0, 1)
 */
export function spawnPlace(
  objects: Iterable<SceneObject>,
  name: string | null,
  fraction: () => number,
): SpawnPlace {
  const points = [...objects]
    .filter(({ spawn }) => spawn !== undefined)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const point =
    (name === null ? undefined : points.find(({ spawn }) => spawn?.name === name)) ??
    points.find(({ spawn }) => spawn?.default === true) ??
    points[0];
  if (point === undefined) return { object: null, position: [0, 0, 0], rotation: [0, 0, 0, 1] };
  const place = placeOf(point);
  const [x, y, z] = place.position;
  // The root of the share: as many in the middle as at the edge, by area.
  const distance = (point.spawn?.radius ?? 0) * Math.sqrt(fraction());
  const angle = 2 * Math.PI * fraction();
  return {
    object: point.id,
    position: [x + distance * Math.cos(angle), y, z + distance * Math.sin(angle)],
    rotation: upright(place.rotation),
  };
}

/** The same way to look, with the feet on the ground. */
function upright([x, y, z, w]: PartPose['rotation']): PartPose['rotation'] {
  const yaw = Math.atan2(2 * (x * z + w * y), 1 - 2 * (x * x + y * y));
  return [0, Math.sin(yaw / 2), 0, Math.cos(yaw / 2)];
}
