import fc from 'fast-check';
import { encodePolicyContent } from '../../src/event/policy-content.ts';
import type { EventContent, Value } from '../../src/index.ts';
import { encodeRuleEvent } from '../../src/rules/decode-rule.ts';
import { ruleContent } from '../rule-history.ts';

/** A `world.weft.rule` or `world.weft.component` event as a room holds it. */
export interface PolicyEventJson {
  readonly stateKey: string;
  readonly content: Value;
}

const count = fc.constantFrom<Value>(0, 1, 2, 2.5, -1, '1', 16);
const bound = fc.constantFrom<Value>(-5, 0, 0.5, 3, 70, 1e300, null, 'x');
const name = fc.constantFrom('open', 'name', 'parent', 'position', 'é', '😀', '\uff5e', 'a.b', 'constructor');

/** Schemas of every keyword, some of them malformed, that often judge what histories write. */
const schema: fc.Arbitrary<Value> = fc.letrec<{ schema: Value }>((tie) => {
  const inner = tie('schema');
  const list = fc.array(inner, { maxLength: 3 });
  return {
    schema: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.constantFrom<Value>({}, { type: 'number' }, { type: 'boolean' }, { type: 'string' }, true, 'number'),
      fc
        .record<Record<string, Value>>(
          {
            type: fc.constantFrom<Value>(
              'number',
              'integer',
              'string',
              'array',
              'object',
              ['null', 'boolean'],
              ['array', 'number', 'string'],
              [],
              'text',
            ),
            enum: fc.constantFrom<Value>([true, 1, 'x', null], [], ['here', 0, false], [[1]], 3),
            const: fc.constantFrom<Value>(true, 1, 0, 'here', null, {}),
            minimum: bound,
            maximum: bound,
            exclusiveMinimum: bound,
            exclusiveMaximum: bound,
            minLength: count,
            maxLength: count,
            minItems: count,
            maxItems: count,
            prefixItems: list,
            additionalItems: fc.constantFrom<Value>(true, false, {}),
            properties: fc.dictionary(name, inner, { maxKeys: 3 }),
            required: fc.array(name, { maxLength: 2 }),
            additionalProperties: fc.oneof(fc.boolean(), inner),
            anyOf: list,
            title: fc.constantFrom<Value>('Title', 5),
            editor: fc.constantFrom<Value>('text', 5),
            pattern: fc.constant('.*'),
          },
          { requiredKeys: [] },
        )
        .chain((all) => fc.subarray(Object.keys(all), { maxLength: 3 }).map((keys) => pick(all, keys))),
      list.map((items) => ({ items })),
      fc.record({ items: inner, prefixItems: list }),
      fc.record({ items: list, prefixItems: list }),
    ),
  };
}).schema;

/** Takes 17 steps for each item: few long lists use up those of an object. */
const HEAVY: Value = {
  items: { anyOf: Array.from({ length: 16 }, (_, at) => (at < 15 ? { const: 9 } : {})) },
};

const match = fc.constantFrom<Value>({}, { kind: 'lamp' }, { tag: 'x' }, { under: 'a' }, { under: 'root' });

const schemaRule: fc.Arbitrary<Value> = fc
  .record({
    component: fc.constantFrom('acme:door', 'transform', 'node', 'transform'),
    required: fc.boolean(),
    match,
    schema: fc.oneof(
      fc.constantFrom<Value>(
        { required: ['open'] },
        { properties: { open: { minimum: 4 } } },
        { properties: { open: HEAVY } },
        { additionalProperties: HEAVY },
      ),
      schema,
      fc
        .dictionary(fc.constantFrom('open', 'position', 'name', 'rotation', 'tags'), schema, { minKeys: 1 })
        .map((properties) => ({ properties })),
    ),
  })
  .map((rest) => ({ kind: 'schema', ...rest }));

/** Bounds at whose very border rotated and scaled objects come to lie. */
const closeBounds: fc.Arbitrary<Value> = fc
  .tuple(match, fc.constantFrom(0, 1, 1.5, 2, 3, 40), fc.constantFrom(0, 2, 9), fc.boolean())
  .map(([match, x, z, local]) => ({
    kind: 'bounds',
    match,
    min: [-x, -50, -z],
    max: [x, 50, z],
    ...(local ? { space: 'local' } : {}),
  }));

const member = fc.constantFrom(
  'kind',
  'match',
  'title',
  'component',
  'schema',
  'min',
  'max',
  'count',
  'per',
  'property',
  'parents',
  'root',
  'level',
  'é',
);

/** What somebody with another program, or with bad intent, may have written there. */
const oddMember: fc.Arbitrary<Value> = fc.oneof(
  match,
  schema,
  bound,
  count,
  fc.constantFrom<Value>(
    'limit',
    'range',
    '~[0,0.5,1]',
    '~{"kind":"lamp"}',
    '~NaN',
    '~1e999',
    '~~',
    '\ud800',
    [0, 0, 0],
    [1e300, -0.5, 0],
    [{ kind: 'lamp' }, {}],
    { kind: '' },
    { under: 'no/id' },
    { component: 'No' },
    'node.name',
    'w.t',
    '__proto__.x',
    'x'.repeat(201),
    '😀'.repeat(200),
  ),
);

const rangeRule: fc.Arbitrary<Value> = fc
  .record({
    property: fc.constantFrom('transform.position', 'acme:door.open', 'node.name'),
    min: fc.constantFrom(-5, 0, 0.5),
    max: fc.constantFrom(2, 50),
  })
  .map((rest) => ({ kind: 'range', ...rest }));

const content: fc.Arbitrary<EventContent> = fc
  .tuple(
    fc.oneof(
      { weight: 6, arbitrary: ruleContent.map((rule) => recordOf(encodeRuleEvent(rule))) },
      { weight: 3, arbitrary: fc.oneof(schemaRule, closeBounds, rangeRule).map(encoded) },
    ),
    fc.oneof(
      { weight: 9, arbitrary: fc.constant({}) },
      fc.dictionary(member, oddMember, { maxKeys: 1, noNullPrototype: true }),
    ),
  )
  .map(([rule, odd]) => ({ ...rule, ...odd }));

/** All rule events of a room; some hold none. */
export const ruleEvents: fc.Arbitrary<PolicyEventJson[]> = fc.uniqueArray(
  fc.record({
    stateKey: fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom('a', 'B', 'c.1', 'd:e', '9') },
      fc.constantFrom('', '.a', 'é', '__proto__', 'a\n', 'x'.repeat(64), 'x'.repeat(65)),
    ),
    content: fc.oneof(
      { weight: 20, arbitrary: content },
      fc.constantFrom<Value>({}, [], null, 'limit', { kind: 'constructor' }),
    ),
  }),
  { selector: ({ stateKey }) => stateKey, minLength: 2, maxLength: 5 },
);

const readable = fc.constantFrom<Value>(
  HEAVY,
  { type: 'number', minimum: 0.5 },
  { type: ['boolean', 'null'] },
  { type: 'string', maxLength: 2 },
  { type: 'array', items: { type: 'integer' }, maxItems: 2 },
  { prefixItems: [{ const: 1 }, { enum: ['x', true] }], additionalItems: false },
  { type: 'object', properties: { open: { maximum: 0.5 } }, additionalProperties: false },
  { type: 'object', required: ['é'], additionalProperties: { exclusiveMaximum: 0.7 } },
  { anyOf: [{ type: 'string' }, { type: 'array', minItems: 3 }] },
);
const judged = fc.oneof({ weight: 4, arbitrary: readable }, schema);

/** What a component declares: often of the properties that histories write, sometimes what none may be called. */
const declaration: fc.Arbitrary<EventContent> = fc
  .record<Record<string, Value>>(
    {
      schema: fc.oneof(
        {
          weight: 8,
          arbitrary: fc.record<Record<string, Value>>(
            {
              properties: fc.dictionary(
                fc.oneof({ weight: 30, arbitrary: fc.constantFrom('open', 'value', 'name', 'late') }, name),
                judged,
                { maxKeys: 3, noNullPrototype: true },
              ),
              required: fc.array(fc.oneof(fc.constantFrom('open', 'late', 'value'), name), { maxLength: 3 }),
              additionalProperties: fc.oneof(fc.boolean(), judged),
              type: fc.constantFrom<Value>('object', 'string'),
              anyOf: fc.constant<Value>([{ type: 'null' }]),
            },
            { requiredKeys: ['properties'] },
          ),
        },
        schema,
      ),
      title: fc.constantFrom<Value>('Door', 5),
      description: fc.constantFrom<Value>('~~tagged', null),
    },
    { requiredKeys: ['schema'] },
  )
  .map((members) => recordOf(encodePolicyContent(members)));

/** All `world.weft.component` events of a room; some declare nothing. */
export const componentEvents: fc.Arbitrary<PolicyEventJson[]> = fc.uniqueArray(
  fc.record({
    stateKey: fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom('acme:door', 'acme:odd', 'acme:door', 'w2:x') },
      fc.constantFrom('', 'node', 'transform', 'acme:', 'é:door', 'acme:door\n', '__proto__'),
    ),
    content: fc.oneof(
      { weight: 12, arbitrary: declaration },
      fc.constantFrom<Value>({}, [], null, 'door', { title: 'Door' }, { schema: '~{}' }, { schema: '~NaN' }),
    ),
  }),
  { selector: ({ stateKey }) => stateKey, minLength: 1, maxLength: 4 },
);

function encoded(rule: Value): EventContent {
  // Of the shape of a rule, as a rule; what does not fit is for the readers to find.
  return recordOf(JSON.parse(JSON.stringify(encodeRuleEvent(Object(rule)))));
}

function recordOf(content: EventContent): EventContent {
  return { ...content };
}

function pick(all: Readonly<Record<string, Value>>, keys: readonly string[]): Value {
  return Object.fromEntries(keys.map((key) => [key, all[key] ?? null]));
}
