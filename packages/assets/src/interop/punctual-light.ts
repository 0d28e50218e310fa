import type { ComponentMap, ComponentPatchMap } from '@weft/core';
import { recordOf } from './own-extras.ts';

export const PUNCTUAL_LIGHTS = 'KHR_lights_punctual';

type Light = ComponentMap['light'];
type LightWrites = NonNullable<ComponentPatchMap['light']>;

/** glTF's own defaults (KHR_lights_punctual, section "Spot"). */
const OUTER_CONE_ANGLE = Math.PI / 4;
/** What a light of a world may have at most; see the component. */
const MAX_INTENSITY = 1_000_000;
const MAX_RANGE_METRES = 100_000;
/** A cone has to widen a little, or the Khronos validator refuses it. */
const LEAST_WIDENING = 1e-4;

/** A light of glTF as a component; `null` where it is none that worlds know. */
export function readPunctualLight(json: unknown): LightWrites | null {
  const light = recordOf(json);
  const type = LIGHT_TYPES.find((each) => each === light?.type);
  if (light === null || type === undefined) return null;
  const channels = listOf(light.color, [1, 1, 1]);
  // Colours above one are brighter, which here is said by the intensity.
  const brightest = Math.max(1, ...channels);
  const color = channels.map((channel) => clamp(channel / brightest, 0, 1));
  const [red = 1, green = 1, blue = 1] = color;
  const range = numberOf(light.range, 0);
  const spot = recordOf(light.spot) ?? {};
  return {
    type,
    color: [red, green, blue],
    intensity: clamp(numberOf(light.intensity, 1) * brightest, 0, MAX_INTENSITY),
    ...(range > 0 ? { range: Math.min(range, MAX_RANGE_METRES) } : {}),
    ...(type === 'spot'
      ? {
          innerConeAngle: clamp(numberOf(spot.innerConeAngle, 0), 0, Math.PI / 2),
          outerConeAngle: clamp(numberOf(spot.outerConeAngle, OUTER_CONE_ANGLE), 0, Math.PI / 2),
        }
      : {}),
  };
}

const LIGHT_TYPES = ['point', 'spot', 'directional'] as const;

/** A light as glTF says it: angles and range of whatever type. */
export interface PunctualLight {
  readonly type: (typeof LIGHT_TYPES)[number];
  readonly color: readonly [number, number, number];
  readonly intensity: number;
  /** `null` where it never ends. */
  readonly range: number | null;
  readonly innerConeAngle: number;
  readonly outerConeAngle: number;
}

/** A light of a world as glTF says it; `null` for light from everywhere, which glTF does not know. */
export function writePunctualLight(light: Light): PunctualLight | null {
  const { type, color, intensity, range = 0, innerConeAngle, outerConeAngle } = light;
  if (type === 'ambient') return null;
  const outer = Math.max(outerConeAngle, LEAST_WIDENING);
  return {
    ...{ type, color, intensity, outerConeAngle: outer },
    range: range === 0 || type === 'directional' ? null : range,
    innerConeAngle: Math.min(innerConeAngle, outer - LEAST_WIDENING),
  };
}

function listOf(value: unknown, fallback: readonly number[]): readonly number[] {
  return Array.isArray(value) && value.length === 3 ? value.map((each) => numberOf(each, 1)) : fallback;
}

function numberOf(value: unknown, fallback: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : fallback;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
