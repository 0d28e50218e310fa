import { Type } from 'typebox';
import { defineComponent } from './component.ts';
import { flag, integer, line, objectId, withDefault } from './property.ts';

const MAX_TAGS = 32;
const MAX_TAG_CHARACTERS = 64;
const MAX_ORDER_CHARACTERS = 256;

export const node = defineComponent(
  'node',
  {
    title: 'Object',
    description: 'Where the object stands in the tree, what it is called and who may change it.',
  },
  {
    parent: withDefault(
      objectId({ title: 'Parent', description: 'The object it hangs from, moves with and is deleted with.' }),
      'root',
    ),
    order: line({
      title: 'Order',
      description: 'Fractional index among its siblings; compared by UTF-8 bytes, then by object id.',
      maxLength: MAX_ORDER_CHARACTERS,
      readOnly: true,
    }),
    name: withDefault(line({ title: 'Name', description: 'What people call it; need not be unique.' }), ''),
    kind: line({
      title: 'Kind',
      description: 'What sort of thing it is, for queries and rules: room, lamp, door.',
      pattern: '^[A-Za-z][A-Za-z0-9_:-]{0,63}$',
    }),
    tags: withDefault(
      Type.Immutable(
        Type.Array(Type.String({ minLength: 1, maxLength: MAX_TAG_CHARACTERS }), {
          title: 'Tags',
          description: 'Words to find it by.',
          editor: 'list',
          maxItems: MAX_TAGS,
        }),
      ),
      [],
    ),
    owner: line({
      title: 'Owner',
      description: 'The Matrix user whom it belongs to: only they and stewards may change it.',
      maxLength: 255,
      pattern: '^@[^:\\u0000]*:[^\\s\\u0000]+$',
    }),
    locked: withDefault(
      flag({ title: 'Locked', description: 'Only its owner and stewards may change it.' }),
      false,
    ),
    created: integer({
      title: 'Created',
      description: 'When its author says it was made: milliseconds since 1970. A claim, not a proof.',
      unit: 'ms',
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      readOnly: true,
    }),
    deleted: withDefault(
      flag({ title: 'Deleted', description: 'Hidden with all that hangs from it; can be undone.' }),
      false,
    ),
  },
);
