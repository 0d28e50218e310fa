import { defineComponent } from './component.ts';
import { choice, linearColour, number, withDefault } from './property.ts';

const MAX_INTENSITY = 1_000_000;
const MAX_RANGE_METRES = 100_000;

export const light = defineComponent(
  'light',
  {
    title: 'Light',
    description:
      'Shines along the -z axis of the object where it has a direction (glTF KHR_lights_punctual).',
  },
  {
    type: withDefault(
      choice(['point', 'spot', 'directional', 'ambient'], {
        title: 'Type',
        description: 'A bulb, a cone, the sun, or light from everywhere (the last is not in glTF).',
      }),
      'point',
    ),
    color: withDefault(linearColour({ title: 'Colour', description: 'Linear red, green, blue.' }), [1, 1, 1]),
    intensity: withDefault(
      number({
        title: 'Intensity',
        description: 'Candela for point and spot, lux for directional and ambient.',
        unit: 'cd or lx',
        minimum: 0,
        maximum: MAX_INTENSITY,
        step: 0.1,
      }),
      1,
    ),
    range: number({
      title: 'Range',
      description: 'Distance at which a point or spot light ends; absent means never.',
      unit: 'm',
      minimum: 0,
      maximum: MAX_RANGE_METRES,
      step: 0.5,
    }),
    innerConeAngle: withDefault(
      number({
        title: 'Inner angle',
        description: 'Angle from the axis at which a spot begins to fade.',
        unit: 'rad',
        minimum: 0,
        maximum: Math.PI / 2,
        step: 0.01,
      }),
      0,
    ),
    outerConeAngle: withDefault(
      number({
        title: 'Outer angle',
        description: 'Angle from the axis at which a spot ends.',
        unit: 'rad',
        minimum: 0,
        maximum: Math.PI / 2,
        step: 0.01,
      }),
      Math.PI / 4,
    ),
  },
);
