import { Type } from 'typebox';
import { defineComponent } from './component.ts';
import { line } from './property.ts';

const MAX_VIA = 5;
const MAX_SERVER_NAME_CHARACTERS = 255;

export const portal = defineComponent(
  'portal',
  { title: 'Portal', description: 'A way to another world.' },
  {
    room: line({
      title: 'World',
      description: 'Room id or alias of the world it leads to.',
      maxLength: 255,
      pattern: '^[!#][^\\u0000\\s]+$',
    }),
    via: Type.Immutable(
      Type.Array(Type.String({ minLength: 1, maxLength: MAX_SERVER_NAME_CHARACTERS }), {
        title: 'Via',
        description: 'Servers that know the room; a room id alone leads nowhere.',
        editor: 'list',
        maxItems: MAX_VIA,
      }),
    ),
    spawn: line({
      title: 'Arrive at',
      description: 'Name of the spawn point there; absent means the default one.',
    }),
    label: line({ title: 'Label', description: 'What is written on it.' }),
  },
);
