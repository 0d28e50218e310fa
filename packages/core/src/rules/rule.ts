import { type Static, type TSchema, Type } from 'typebox';
import type { Value } from '../value/value.ts';

/** Rules of one world; of more, the first in UTF-8 order of their names count. */
export const MAX_RULES = 256;
/** Kinds of parent that one `parent` rule may name. */
export const MAX_PARENT_FORMS = 32;
/** The highest `count` of a `limit`. */
export const MAX_LIMIT_COUNT = 1_000_000;

const MAX_NAME_CHARACTERS = 64;
const MAX_PATH_CHARACTERS = 161;
const MAX_COMPONENT_CHARACTERS = 97;
const MAX_TITLE_CHARACTERS = 200;

const kind = () => Type.String({ minLength: 1, maxLength: MAX_NAME_CHARACTERS, description: 'node.kind' });
const tag = () =>
  Type.String({ minLength: 1, maxLength: MAX_NAME_CHARACTERS, description: 'one of node.tags' });
const component = () =>
  Type.String({
    minLength: 1,
    maxLength: MAX_COMPONENT_CHARACTERS,
    description: 'a component that holds at least one property',
  });
const path = (description: string) =>
  Type.String({ minLength: 3, maxLength: MAX_PATH_CHARACTERS, description });
const point = (description: string) =>
  Type.Tuple([Type.Number(), Type.Number(), Type.Number()], { description });

/** Which objects a rule speaks of: those that have all of this; every object where nothing is named. */
const MATCH = Type.Object(
  {
    kind: Type.Optional(kind()),
    tag: Type.Optional(tag()),
    component: Type.Optional(component()),
    under: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: MAX_NAME_CHARACTERS,
        description: 'id of an object that it hangs below, at any depth',
      }),
    ),
  },
  { additionalProperties: false },
);

const PARENT_FORM = Type.Object(
  { kind: Type.Optional(kind()), tag: Type.Optional(tag()), component: Type.Optional(component()) },
  { additionalProperties: false },
);

function form<const Kind extends string, Properties extends Record<string, TSchema>>(
  name: Kind,
  description: string,
  properties: Properties,
) {
  return Type.Object(
    {
      kind: Type.Literal(name),
      match: Type.Optional(MATCH),
      title: Type.Optional(
        Type.String({ maxLength: MAX_TITLE_CHARACTERS, description: 'what to tell whom it stops' }),
      ),
      ...properties,
    },
    { additionalProperties: false, description },
  );
}

/** The JSON Schema of the content of a `world.weft.rule` event, by its `kind`. */
export const RULE_SCHEMAS = {
  schema: form('schema', 'A component must be there, or fit a JSON Schema, or both.', {
    component: component(),
    required: Type.Optional(Type.Boolean({ description: 'default false: only judged where it is there' })),
    schema: Type.Optional(Type.Unsafe<Value>({ description: 'JSON Schema of the properties as written' })),
  }),
  parent: form('parent', 'What the objects may hang from.', {
    parents: Type.Array(PARENT_FORM, { maxItems: MAX_PARENT_FORMS, description: 'any of these' }),
    root: Type.Optional(Type.Boolean({ description: 'whether the root will do, too; default false' })),
  }),
  bounds: form('bounds', 'The origin of the object must lie within a box, borders included, in metres.', {
    min: point('least x, y, z'),
    max: point('greatest x, y, z'),
    space: Type.Optional(
      Type.Union([Type.Literal('world'), Type.Literal('local')], { description: 'default world' }),
    ),
  }),
  limit: form('limit', 'At most so many objects.', {
    count: Type.Integer({ minimum: 0, maximum: MAX_LIMIT_COUNT }),
    per: Type.Optional(
      Type.Union([Type.Literal('world'), Type.Literal('owner')], {
        description: 'counted together (default), or for each node.owner; those without one together',
      }),
    ),
  }),
  unique: form('unique', 'No two objects with the same value of a property.', {
    property: path('component.property'),
  }),
  range: form('range', 'A number, or each number of an array, must lie within bounds; absent is fine.', {
    property: path('component.property'),
    min: Type.Optional(Type.Number()),
    max: Type.Optional(Type.Number()),
  }),
  locked: form('locked', 'Only this power level may change the objects. Not judged by the reduction.', {
    level: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  }),
} as const;

export type RuleKind = keyof typeof RULE_SCHEMAS;
export type RuleMatch = Static<typeof MATCH>;
export type ParentForm = Static<typeof PARENT_FORM>;

/** What a `world.weft.rule` event holds. */
export type RuleContent = { [Kind in RuleKind]: Static<(typeof RULE_SCHEMAS)[Kind]> }[RuleKind];

/** A constraint of the world, by the name that is the state key of its event. */
export type Rule = RuleContent & { readonly name: string };

export function isRuleKind(text: unknown): text is RuleKind {
  return typeof text === 'string' && Object.hasOwn(RULE_SCHEMAS, text);
}
