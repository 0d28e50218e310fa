import { defineComponent } from './component.ts';
import { assetProperties, flag, number, withDefault } from './property.ts';

const MAX_DISTANCE_METRES = 10_000;

export const audio = defineComponent(
  'audio',
  { title: 'Sound', description: 'A sound that comes from the object.' },
  {
    ...assetProperties('sound'),
    volume: withDefault(
      number({ title: 'Volume', description: '0 is silent.', minimum: 0, maximum: 1, step: 0.05 }),
      1,
    ),
    loop: withDefault(flag({ title: 'Loop', description: 'Starts again at its end.' }), true),
    playing: withDefault(flag({ title: 'Playing', description: 'Heard by all who are near.' }), true),
    spatial: withDefault(
      flag({ title: 'Spatial', description: 'Fades with distance; otherwise as loud everywhere.' }),
      true,
    ),
    refDistance: withDefault(
      number({
        title: 'Near distance',
        description: 'Within it the sound is at full volume.',
        unit: 'm',
        minimum: 0.01,
        maximum: MAX_DISTANCE_METRES,
        step: 0.5,
      }),
      1,
    ),
    maxDistance: withDefault(
      number({
        title: 'Far distance',
        description: 'Beyond it the sound fades no further.',
        unit: 'm',
        minimum: 0.01,
        maximum: MAX_DISTANCE_METRES,
        step: 1,
      }),
      50,
    ),
  },
);
