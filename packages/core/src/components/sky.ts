import { defineComponent } from './component.ts';
import { assetProperties, choice, colour, number, withDefault } from './property.ts';

const MAX_AMBIENT = 100;

export const sky = defineComponent(
  'sky',
  { title: 'Sky', description: 'What surrounds the world; of several, the first in tree order is shown.' },
  {
    ...assetProperties('equirectangular picture'),
    kind: withDefault(
      choice(['color', 'gradient', 'image'], { title: 'Kind', description: 'image uses the source.' }),
      'gradient',
    ),
    topColor: withDefault(
      colour({ title: 'Above', description: 'sRGB; the only one for kind color.' }),
      '#5a9bd8',
    ),
    bottomColor: withDefault(colour({ title: 'Horizon', description: 'sRGB.' }), '#dfe9f2'),
    ambient: withDefault(
      number({
        title: 'Ambient light',
        description: 'Light that the sky gives from everywhere.',
        minimum: 0,
        maximum: MAX_AMBIENT,
        step: 0.1,
      }),
      1,
    ),
  },
);
