import Type from 'typebox';
import { MAX_EDIT_CHANGES, MAX_QUERY_TEXT_CHARACTERS } from './service-limits.ts';

const Text = (description: string) => Type.String({ description });
const Place = {
  before: Type.Optional(Text('The sibling before which it goes.')),
  after: Type.Optional(Text('The sibling behind which it goes.')),
};

const AnyComponents = Type.Record(Type.String(), Type.Unknown(), {
  description:
    'Components by name, each with the properties to write; `null` removes a property or a component.',
});

const AddChange = Type.Object(
  {
    add: Type.Object(
      {
        id: Type.Optional(Text('An id of your own; default: a random one.')),
        key: Type.Optional(Text('A word that always gives the same id.')),
        parent: Type.Optional(Text('Default: root.')),
        ...Place,
      },
      { additionalProperties: true, description: 'A new object: where it goes, and its components by name.' },
    ),
  },
  { additionalProperties: false },
);
const SetChange = Type.Object(
  { set: Text('The object.'), components: AnyComponents },
  { additionalProperties: false },
);
const MoveChange = Type.Object(
  { move: Text('The object.'), into: Type.Optional(Text('The new parent.')), ...Place },
  { additionalProperties: false },
);
const RemoveChange = Type.Object({ remove: Text('The object.') }, { additionalProperties: false });

/** One step of an edit. */
export const EditChange = Type.Union([AddChange, SetChange, MoveChange, RemoveChange]);

/** The body of `POST …/edit`: all of it happens, or none. */
export const EditRequest = Type.Object(
  {
    changes: Type.Array(EditChange, {
      minItems: 1,
      maxItems: MAX_EDIT_CHANGES,
      description: 'In this order; a later one sees what an earlier one did.',
    }),
    check: Type.Optional(Type.Boolean({ description: 'Only tries it out.', default: false })),
  },
  { additionalProperties: false },
);

export const EditAnswer = Type.Object({
  ids: Type.Array(Type.String(), { description: 'The object that each change was about.' }),
  changed: Type.Integer({ description: 'Objects that are different now.' }),
  seq: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Its number on the lane; `null` where nothing was written.',
  }),
});

/** The body of `POST …/say`. */
export const SayRequest = Type.Object(
  { text: Type.String({ minLength: 1, maxLength: 1000 }) },
  { additionalProperties: false },
);

/** The body of `POST …/query`; its parts are those of protocol-spec/query.md, checked by the same checker. */
export const QueryRequest = Type.Object(
  {
    explain: Type.Optional(Type.Boolean({ description: 'Also tells how it was answered.', default: false })),
  },
  { additionalProperties: true, description: 'A query as protocol-spec/query.md defines it.' },
);

export const ObjectView = Type.Object({
  id: Type.String(),
  parent: Type.String(),
  children: Type.Array(Type.String()),
  position: Type.Array(Type.Number(), { minItems: 3, maxItems: 3, description: 'In the world, in metres.' }),
  components: Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown())),
});

export const QueryAnswer = Type.Object({
  count: Type.Union([Type.Integer(), Type.Null()], {
    description: 'How many match in all; `null` where the search ended with a full page.',
  }),
  next: Type.Union([Type.String(), Type.Null()], { description: 'Give it as `after` for the next page.' }),
  objects: Type.Optional(Type.Array(ObjectView)),
  rows: Type.Optional(
    Type.Array(Type.Record(Type.String(), Type.Unknown()), {
      description: 'Instead of objects, where `fields` were asked for.',
    }),
  ),
  plan: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});

/** The `query` of `GET …/live`, as JSON. */
export const LiveQueryText = Type.String({ maxLength: MAX_QUERY_TEXT_CHARACTERS });

export const ErrorAnswer = Type.Object({
  error: Type.Object({
    code: Type.String({ description: 'One situation that a program can act on.' }),
    message: Type.String({ description: 'For people: what, expected, got, what to do.' }),
    path: Type.Optional(Type.String()),
    rule: Type.Optional(Type.String()),
    by: Type.Optional(Type.String({ description: 'Who can put it right.' })),
  }),
});
