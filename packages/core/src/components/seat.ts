import { defineComponent } from './component.ts';
import { line, point, withDefault } from './property.ts';

export const seat = defineComponent(
  'seat',
  { title: 'Seat', description: 'One person can sit here, looking along the -z axis of the object.' },
  {
    // One register on the seat, so that two who sit down at once are one merge, not a clash of two claims.
    occupant: line({
      title: 'Occupant',
      description: 'The Matrix user who sits here; absent means free.',
      maxLength: 255,
      pattern: '^@[^:\\u0000]*:[^\\s\\u0000]+$',
    }),
    offset: withDefault(
      point({ title: 'Offset', description: 'From the object to the hips of the sitter.', step: 0.05 }),
      [0, 0, 0],
    ),
    label: line({ title: 'Label', description: 'What is offered to visitors: Sit by the window.' }),
  },
);
