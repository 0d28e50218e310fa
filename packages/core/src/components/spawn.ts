import { defineComponent } from './component.ts';
import { flag, line, number, withDefault } from './property.ts';

const MAX_RADIUS_METRES = 1000;

export const spawn = defineComponent(
  'spawn',
  { title: 'Spawn point', description: 'Where visitors arrive, looking along the -z axis of the object.' },
  {
    name: withDefault(line({ title: 'Name', description: 'By which portals name it.' }), ''),
    default: withDefault(flag({ title: 'Default', description: 'Where those arrive who name none.' }), false),
    radius: withDefault(
      number({
        title: 'Radius',
        description: 'Arrivals are spread within it.',
        unit: 'm',
        minimum: 0,
        maximum: MAX_RADIUS_METRES,
        step: 0.1,
      }),
      0.5,
    ),
  },
);
