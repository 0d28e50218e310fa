import { defineComponent } from './component.ts';
import { choice, colour, number, paragraph, withDefault } from './property.ts';

const MAX_LINE_METRES = 100;

export const text = defineComponent(
  'text',
  { title: 'Text', description: 'Writing on a plane that faces +z.' },
  {
    value: withDefault(
      paragraph({ title: 'Text', description: 'Plain text; a line break starts a new line.' }),
      '',
    ),
    size: withDefault(
      number({
        title: 'Line height',
        description: 'Height of a line.',
        unit: 'm',
        minimum: 0.001,
        maximum: MAX_LINE_METRES,
        step: 0.05,
      }),
      0.25,
    ),
    color: withDefault(colour({ title: 'Colour', description: 'sRGB, #rrggbb.' }), '#ffffff'),
    align: withDefault(
      choice(['left', 'center', 'right'], { title: 'Alignment', description: 'Of lines to each other.' }),
      'center',
    ),
  },
);
