import { defineComponent } from './component.ts';
import { point, rotation, scale, withDefault } from './property.ts';

export const transform = defineComponent(
  'transform',
  {
    title: 'Transform',
    description: 'Where it is in its parent: right-handed, y up, metres (glTF 2.0 section 3.5).',
  },
  {
    position: withDefault(
      point({ title: 'Position', description: 'x right, y up, z towards the viewer.', step: 0.1 }),
      [0, 0, 0],
    ),
    rotation: withDefault(
      rotation({ title: 'Rotation', description: 'Unit quaternion x y z w.', step: 0.01 }),
      [0, 0, 0, 1],
    ),
    scale: withDefault(
      scale({ title: 'Scale', description: 'Factor along each axis; a negative one mirrors.', step: 0.1 }),
      [1, 1, 1],
    ),
  },
);
