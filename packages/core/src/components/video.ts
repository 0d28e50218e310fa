import { defineComponent } from './component.ts';
import { assetProperties, choice, flag, line, number, withDefault } from './property.ts';

const MAX_SCREEN_METRES = 1000;

export const video = defineComponent(
  'video',
  { title: 'Video', description: 'A film on a plane that faces +z, or all round.' },
  {
    ...assetProperties('film'),
    projection: withDefault(
      choice(['flat', 'sphere'], { title: 'Projection', description: 'sphere is 360° equirectangular.' }),
      'flat',
    ),
    width: withDefault(
      number({
        title: 'Width',
        description: 'Of the flat screen; the height follows from the film.',
        unit: 'm',
        minimum: 0.001,
        maximum: MAX_SCREEN_METRES,
        step: 0.1,
      }),
      1.6,
    ),
    loop: withDefault(flag({ title: 'Loop', description: 'Starts again at its end.' }), true),
    muted: withDefault(flag({ title: 'Muted', description: 'Plays without sound.' }), true),
    volume: withDefault(
      number({ title: 'Volume', description: '0 is silent.', minimum: 0, maximum: 1, step: 0.05 }),
      1,
    ),
    description: line({ title: 'Description', description: 'What it shows, for those who do not see it.' }),
  },
);
