import { defineComponent } from './component.ts';
import { choice, extent, withDefault } from './property.ts';

export const primitive = defineComponent(
  'primitive',
  { title: 'Primitive', description: 'A simple shape round the origin of the object.' },
  {
    shape: withDefault(
      choice(['box', 'sphere', 'cylinder', 'cone', 'capsule', 'torus', 'plane'], {
        title: 'Shape',
        description: 'A plane lies on the ground and faces up.',
      }),
      'box',
    ),
    size: withDefault(
      extent({
        title: 'Size',
        description: 'Width, height, depth; the shape is stretched to fill it.',
        step: 0.1,
      }),
      [1, 1, 1],
    ),
  },
);
