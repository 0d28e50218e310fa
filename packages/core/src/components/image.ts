import { defineComponent } from './component.ts';
import { assetProperties, line, number, thumbnail, withDefault } from './property.ts';

const MAX_PICTURE_METRES = 1000;

export const image = defineComponent(
  'image',
  { title: 'Image', description: 'A PNG, JPEG or WebP picture on a plane that faces +z.' },
  {
    ...assetProperties('picture'),
    width: withDefault(
      number({
        title: 'Width',
        description: 'The height follows from the picture.',
        unit: 'm',
        minimum: 0.001,
        maximum: MAX_PICTURE_METRES,
        step: 0.1,
      }),
      1,
    ),
    description: line({ title: 'Description', description: 'What it shows, for those who do not see it.' }),
    thumbnail: thumbnail(),
  },
);
