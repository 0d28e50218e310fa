import fc from 'fast-check';
import { emptyPatch, type Patch, parsePath, parseTime, patchOf, type Value } from '../src/index.ts';
import { decodeRuleEvent, encodeRuleEvent } from '../src/rules/decode-rule.ts';
import type { Rule, RuleContent } from '../src/rules/rule.ts';
import { ACTOR_IDS, BASE_TIME, USER_IDS } from './arbitraries.ts';
import { TREE_IDS, treePatch } from './history.ts';

const count = fc.nat({ max: 3 });
const match = fc.record(
  {
    kind: fc.constantFrom('lamp', 'room'),
    tag: fc.constantFrom('x', 'y'),
    component: fc.constantFrom('transform', 'acme:door'),
    under: fc.constantFrom<string>(...TREE_IDS),
  },
  { requiredKeys: [] },
);
const narrow = fc.oneof({ weight: 3, arbitrary: match.map(firstOf) }, match);

/** A rule of any kind. */
export const ruleContent: fc.Arbitrary<RuleContent> = fc.oneof(
  fc.record({ kind: fc.constant('limit' as const), match: narrow, count }),
  fc.record({
    kind: fc.constant('limit' as const),
    match: narrow,
    count,
    per: fc.constant('owner' as const),
  }),
  fc.record({
    kind: fc.constant('unique' as const),
    match: narrow,
    property: fc.constantFrom('node.name', 'node.kind', 'transform.position'),
  }),
  fc.record({
    kind: fc.constant('unique' as const),
    match: fc.constant({}),
    property: fc.constantFrom('node.kind', 'node.owner'),
  }),
  fc.record({
    kind: fc.constant('bounds' as const),
    match: narrow,
    min: fc.constant([-20, -1, -10] as [number, number, number]),
    max: fc.constantFrom<[number, number, number]>([20, 2, 10], [0, 0, 0]),
    space: fc.constantFrom('world' as const, 'local' as const),
  }),
  fc.record({
    kind: fc.constant('parent' as const),
    match: narrow,
    parents: fc.array(
      match.map(({ under: _under, ...form }) => firstOf(form)),
      { maxLength: 2 },
    ),
    root: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('range' as const),
    match: narrow,
    property: fc.constantFrom('transform.position', 'acme:door.open'),
    min: fc.constantFrom(-5, 0),
    max: fc.constantFrom(2, 50),
  }),
  fc.record({
    kind: fc.constant('schema' as const),
    match: narrow,
    component: fc.constantFrom('acme:door', 'transform'),
    required: fc.boolean(),
    schema: fc.constantFrom<Value>({ properties: { open: { type: 'boolean' } } }, { required: ['open'] }),
  }),
  fc.record({ kind: fc.constant('locked' as const), match: narrow, level: fc.constant(50) }),
);

/** A rule as it comes out of its event. */
export function ruleNamed(name: string, from: RuleContent): Rule {
  const reading = decodeRuleEvent({ stateKey: name, content: encodeRuleEvent(from) });
  if ('problem' in reading) throw new Error(reading.problem);
  return reading.rule;
}

/** Few rules that speak of much the same objects. */
export const ruleList: fc.Arbitrary<readonly Rule[]> = fc
  .array(ruleContent, { maxLength: 4 })
  .map((contents) => contents.map((each, at) => ruleNamed(`rule-${at}`, each)));

const facts: Readonly<Record<string, fc.Arbitrary<Value>>> = {
  'node.owner': fc.constantFrom<Value>(...USER_IDS.slice(0, 2), null, 7),
  'node.created': fc.constantFrom<Value>(0, 5, 1_767_225_600_000, -1, 'early', null),
  'node.kind': fc.constantFrom<Value>('lamp', 'lamp', 'room', null),
  'node.tags': fc.constantFrom<Value>(['x'], ['x', 'y'], [], null),
  'transform.position': fc.constantFrom<Value>(
    [1, 0, 0],
    [40, 0, -9],
    [-15, 1.5, 0],
    [0, 5, 0],
    'here',
    null,
  ),
  'acme:door.open': fc.constantFrom<Value>(true, 3, 70, 'no', null),
  'node.parent': fc.constantFrom<Value>('root', ...TREE_IDS),
};

/** Writes what rules look at. */
export const factPatch: fc.Arbitrary<Patch> = fc
  .array(
    fc.constantFrom(...Object.keys(facts)).chain((path) =>
      fc.record({
        id: fc.constantFrom(...TREE_IDS.slice(0, 8)),
        path: fc.constant(parsePath(path)),
        register: fc.record({
          value: facts[path] ?? fc.constant(null),
          stamp: fc.record({
            time: fc.nat({ max: 60 }).map((ticks) => parseTime(BASE_TIME + ticks)),
            actor: fc.constantFrom(...ACTOR_IDS),
          }),
        }),
      }),
    ),
    { minLength: 1, maxLength: 10 },
  )
  .map((registers) => patchOf({ registers }));

export interface RuleStep {
  readonly patch: Patch;
  readonly rules?: readonly Rule[];
}

const patchStep = fc.oneof({ weight: 2, arbitrary: factPatch }, treePatch).map((patch) => ({ patch }));
const rulesStep = fc.record({ patch: fc.oneof(fc.constant(emptyPatch), treePatch), rules: ruleList });

/** Patches, and now and then other rules, alone or with a patch in one step. */
export const ruleHistory: fc.Arbitrary<RuleStep[]> = fc.array(
  fc.oneof<fc.MaybeWeightedArbitrary<RuleStep>[]>({ weight: 4, arbitrary: patchStep }, rulesStep),
  { minLength: 2, maxLength: 16 },
);

function firstOf<T extends object>(record: T): Partial<T> {
  const [first] = Object.keys(record);
  const rest: Partial<T> = { ...record };
  for (const name of Object.keys(record)) if (name !== first) Reflect.deleteProperty(rest, name);
  return rest;
}
