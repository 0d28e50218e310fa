import { Type } from 'typebox';
import { defineComponent } from './component.ts';
import { choice, flag, line, number, withDefault } from './property.ts';

const MAX_ACTIONS = 16;
const MAX_REACH_METRES = 1000;

const action = Type.Object({
  do: Type.Enum(['set', 'toggle', 'sound', 'link', 'travel', 'event']),
  /** Object id; absent means the object itself. */
  target: Type.Optional(Type.String({ maxLength: 64 })),
  /** `component.property` that `set` and `toggle` write. */
  path: Type.Optional(Type.String({ maxLength: 200 })),
  value: Type.Optional(Type.Unknown()),
  /** Name of the event that `event` sends. */
  name: Type.Optional(Type.String({ maxLength: 64 })),
});

export const interact = defineComponent(
  'interact',
  {
    title: 'Interaction',
    description: 'What happens when somebody uses it; run by their own client under their own rights.',
  },
  {
    trigger: withDefault(
      choice(['use', 'enter', 'leave'], {
        title: 'Trigger',
        description: 'A click or touch, coming within reach, or going out of it.',
      }),
      'use',
    ),
    label: line({ title: 'Label', description: 'What is offered to visitors: Open the door.' }),
    actions: withDefault(
      Type.Immutable(
        Type.Array(action, {
          title: 'Actions',
          description: 'Done one after another.',
          editor: 'json',
          maxItems: MAX_ACTIONS,
        }),
      ),
      [],
    ),
    reach: withDefault(
      number({
        title: 'Reach',
        description: 'How near one must be.',
        unit: 'm',
        minimum: 0,
        maximum: MAX_REACH_METRES,
        step: 0.5,
      }),
      5,
    ),
    grabbable: withDefault(
      flag({ title: 'Grabbable', description: 'Visitors may pick it up and put it down.' }),
      false,
    ),
  },
);
