import { unionOf } from '../scene/box.ts';
import {
  boxVolume,
  frustumVolume,
  type Plane,
  type Ray,
  rayVolume,
  sphereVolume,
  type Volume,
} from '../scene/volume.ts';
import { invalid, numbersOf, onlyParts, pointOf, recordOf } from './invalid.ts';

/** A checked place. */
export interface CheckedWithin {
  readonly kind: 'sphere' | 'box' | 'frustum' | 'ray';
  readonly volume: Volume;
  /** Hits are sorted along it. */
  readonly ray: Ray | null;
  readonly first: boolean;
}

const KINDS = ['sphere', 'box', 'frustum', 'ray'];

export function checkWithin(within: unknown): CheckedWithin | null {
  if (within === undefined) return null;
  const given = recordOf(within, 'within');
  onlyParts(given, KINDS, 'within');
  if (given.size !== 1) throw invalid('within', `exactly one of ${KINDS.join(', ')}`, within);
  if (given.has('sphere')) return plain('sphere', sphere(given.get('sphere')));
  if (given.has('box')) return plain('box', box(given.get('box')));
  if (given.has('frustum')) return plain('frustum', frustum(given.get('frustum')));
  return ray(given.get('ray'));
}

function plain(kind: CheckedWithin['kind'], volume: Volume): CheckedWithin {
  return { kind, volume, ray: null, first: false };
}

function sphere(input: unknown): Volume {
  const given = recordOf(input, 'within.sphere');
  onlyParts(given, ['center', 'radius'], 'within.sphere');
  const radius = given.get('radius');
  if (typeof radius !== 'number' || !Number.isFinite(radius) || radius < 0)
    throw invalid('within.sphere.radius', 'metres, 0 or more', radius);
  return sphereVolume(pointOf(given.get('center'), 'within.sphere.center'), radius);
}

function box(input: unknown): Volume {
  const given = recordOf(input, 'within.box');
  onlyParts(given, ['min', 'max'], 'within.box');
  const min = pointOf(given.get('min'), 'within.box.min');
  const max = pointOf(given.get('max'), 'within.box.max');
  return boxVolume(unionOf([...min, ...min], [...max, ...max]));
}

function frustum(input: unknown): Volume {
  const given = recordOf(input, 'within.frustum');
  onlyParts(given, ['planes', 'matrix'], 'within.frustum');
  if (given.size !== 1) throw invalid('within.frustum', 'planes or matrix', input);
  const planes = given.get('planes');
  if (planes === undefined)
    return frustumVolume(planesOf(numbersOf(given.get('matrix'), 'within.frustum.matrix', 16)));
  if (!Array.isArray(planes) || planes.length !== 6)
    throw invalid('within.frustum.planes', 'a list of 6 planes', planes);
  return frustumVolume(
    planes.map((plane, at) => {
      const [a = 0, b = 0, c = 0, d = 0] = numbersOf(plane, `within.frustum.planes.${at}`, 4);
      return [a, b, c, d];
    }),
  );
}

/** The sides of the clip space, seen from the world: Gribb and Hartmann, 2001. */
function planesOf(m: readonly number[]): readonly Plane[] {
  const row = (at: number): Plane => [m[at] ?? 0, m[4 + at] ?? 0, m[8 + at] ?? 0, m[12 + at] ?? 0];
  const w = row(3);
  return [0, 1, 2].flatMap((at) => {
    const [a, b, c, d] = row(at);
    return [
      [w[0] + a, w[1] + b, w[2] + c, w[3] + d],
      [w[0] - a, w[1] - b, w[2] - c, w[3] - d],
    ] as const;
  });
}

function ray(input: unknown): CheckedWithin {
  const given = recordOf(input, 'within.ray');
  onlyParts(given, ['origin', 'direction', 'maxDistance', 'first'], 'within.ray');
  const origin = pointOf(given.get('origin'), 'within.ray.origin');
  const [x, y, z] = pointOf(given.get('direction'), 'within.ray.direction');
  const length = Math.hypot(x, y, z);
  if (length === 0 || !Number.isFinite(length))
    throw invalid('within.ray.direction', 'a direction of some length', given.get('direction'));
  const maxDistance = given.get('maxDistance') ?? Number.POSITIVE_INFINITY;
  if (typeof maxDistance !== 'number' || !(maxDistance >= 0))
    throw invalid('within.ray.maxDistance', 'metres, 0 or more', maxDistance);
  const first = given.get('first') ?? false;
  if (typeof first !== 'boolean') throw invalid('within.ray.first', 'true or false', first);
  const checked: Ray = { origin, direction: [x / length, y / length, z / length], maxDistance };
  return { kind: 'ray', volume: rayVolume(checked), ray: checked, first };
}
