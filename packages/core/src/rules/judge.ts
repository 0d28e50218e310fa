import type { SchemaCheck } from '../components/custom-check.ts';
import { componentMisfits, requiredOf } from '../components/custom-component.ts';
import { parseSchema } from '../components/custom-schema.ts';
import { readProperty } from '../components/validate.ts';
import { unreachable } from '../errors.ts';
import { componentOf, type ObjectId, type Path, parseObjectId, parsePath, ROOT } from '../ids.ts';
import { holds, KIND_PATH, OWNER_PATH, type Registers, TAGS_PATH } from '../scene/facts.ts';
import { canonicalJson } from '../value/canonical.ts';
import { isList, type Value } from '../value/value.ts';
import { propertiesOf, type RuleFacts, writtenAt } from './facts.ts';
import type { ParentForm, Rule, RuleMatch } from './rule.ts';

/** How an object breaks a rule by itself. */
export interface Breach {
  readonly path: Path | null;
  /** What would have been accepted, as the end of "expected ...". */
  readonly expected: string;
  readonly clashes: readonly ObjectId[];
}

/** What a rule has to be asked again for. */
export interface Reads {
  readonly paths: ReadonlySet<Path>;
  readonly components: ReadonlySet<string>;
}

/** A rule in a form that can be asked: the one judge of authors, relays and the reduction. */
export interface Judge {
  readonly rule: Rule;
  /** The rule has nothing to say of an object of another kind; `null` for any. */
  readonly kind: string | null;
  /** Nor of one without a register in one of these components, given with their dot. */
  readonly components: readonly string[];
  /** Registers of the object that decide. */
  readonly own: Reads;
  /** Registers of the object's parent that decide. */
  readonly parents: Reads;
  /** Whether it matters what the object hangs below. */
  readonly asksAncestors: boolean;
  /** Whether it matters where in the world the object is. */
  readonly asksOrigin: boolean;
  /**
   * For rules that look at one object: how it breaks the rule; `null` where it does not, or is not spoken of. The rules
   * before it have used up steps of the check.
   */
  readonly breachOf: ((facts: RuleFacts, check: SchemaCheck) => Breach | null) | null;
  /** For rules that count: among which objects this one is counted; `null` where it is not. */
  readonly keyOf: ((facts: RuleFacts) => string | null) | null;
  /** How many objects of one key may be in the scene. */
  readonly capacity: number;
  /** What counting rules accept, as the end of "expected ...". */
  readonly expected: string;
  /** Whether the rule speaks of an object. */
  matches(facts: RuleFacts): boolean;
}

const POSITION_PATH = parsePath('transform.position');
const NO_READS: Reads = { paths: new Set(), components: new Set() };
const ALL = '';

export function judgeOf(rule: Rule): Judge {
  const matches = matcherOf(rule.match ?? {});
  const matched = matchReads(rule.match ?? {});
  const base = {
    rule,
    matches,
    kind: rule.match?.kind ?? null,
    components: neededBy(rule).map((component) => `${component}.`),
    own: matched,
    parents: NO_READS,
    asksAncestors: rule.match?.under !== undefined,
    asksOrigin: false,
    breachOf: null,
    keyOf: null,
    capacity: 0,
    expected: '',
  };
  const judging =
    (breachOf: (facts: RuleFacts, check: SchemaCheck) => Breach | null) =>
    (facts: RuleFacts, check: SchemaCheck) =>
      matches(facts) ? breachOf(facts, check) : null;
  switch (rule.kind) {
    case 'schema':
      return { ...base, own: also(matched, [], [rule.component]), breachOf: judging(schemaBreach(rule)) };
    case 'parent':
      return { ...base, parents: formReads(rule.parents), breachOf: judging(parentBreach(rule)) };
    case 'bounds': {
      const local = rule.space === 'local';
      const own = local ? also(matched, [POSITION_PATH]) : matched;
      return { ...base, own, asksOrigin: !local, breachOf: judging(boundsBreach(rule)) };
    }
    case 'range':
      return {
        ...base,
        own: also(matched, [parsePath(rule.property)]),
        breachOf: judging(rangeBreach(rule)),
      };
    case 'limit': {
      const perOwner = rule.per === 'owner';
      return {
        ...base,
        own: perOwner ? also(matched, [OWNER_PATH]) : matched,
        keyOf: (facts) => (matches(facts) ? (perOwner ? ownerOf(facts.registers) : ALL) : null),
        capacity: rule.count,
        expected: `at most ${rule.count} of them${perOwner ? ' for each owner' : ''}`,
      };
    }
    case 'unique': {
      const path = parsePath(rule.property);
      return {
        ...base,
        own: also(matched, [path]),
        keyOf: (facts) => {
          const value = matches(facts) ? writtenAt(facts.registers, path) : null;
          return value === null ? null : canonicalJson(value);
        },
        capacity: 1,
        expected: `a ${path} that no other object has`,
      };
    }
    case 'locked':
      return base;
    default:
      return unreachable(rule);
  }
}

/** The components without which a rule does not speak of an object. */
function neededBy(rule: Rule): readonly string[] {
  const matched = rule.match?.component === undefined ? [] : [rule.match.component];
  switch (rule.kind) {
    case 'schema':
      return rule.required === true ? matched : [...matched, rule.component];
    case 'range':
    case 'unique':
      return [...matched, componentOf(parsePath(rule.property))];
    default:
      return matched;
  }
}

export function readsAny({ paths, components }: Reads, changed: Iterable<Path>): boolean {
  for (const path of changed) if (paths.has(path) || components.has(componentOf(path))) return true;
  return false;
}

export function unionOfReads(all: Iterable<Reads>): Reads {
  const paths = new Set<Path>();
  const components = new Set<string>();
  for (const reads of all) {
    for (const path of reads.paths) paths.add(path);
    for (const component of reads.components) components.add(component);
  }
  return { paths, components };
}

function matcherOf({ kind, tag, component, under }: RuleMatch): (facts: RuleFacts) => boolean {
  const fits = formMatcher({
    ...(kind === undefined ? {} : { kind }),
    ...(tag === undefined ? {} : { tag }),
    ...(component === undefined ? {} : { component }),
  });
  const top = under === undefined ? null : parseObjectId(under);
  return (facts) => fits(facts.registers) && (top === null || facts.isBelow(top));
}

function formMatcher({ kind, tag, component }: ParentForm): (registers: Registers) => boolean {
  const prefix = component === undefined ? null : `${component}.`;
  return (registers) =>
    (kind === undefined || writtenAt(registers, KIND_PATH) === kind) &&
    (tag === undefined || hasTag(writtenAt(registers, TAGS_PATH), tag)) &&
    (prefix === null || holds(registers, prefix));
}

function hasTag(tags: Value, tag: string): boolean {
  return tags !== null && typeof tags === 'object' && isList(tags) && tags.includes(tag);
}

function ownerOf(registers: Registers): string {
  const owner = writtenAt(registers, OWNER_PATH);
  return typeof owner === 'string' ? owner : '';
}

function matchReads({ kind, tag, component }: RuleMatch): Reads {
  return formReads([
    {
      ...(kind === undefined ? {} : { kind }),
      ...(tag === undefined ? {} : { tag }),
      ...(component === undefined ? {} : { component }),
    },
  ]);
}

function formReads(forms: readonly ParentForm[]): Reads {
  return {
    paths: new Set([
      ...(forms.some(({ kind }) => kind !== undefined) ? [KIND_PATH] : []),
      ...(forms.some(({ tag }) => tag !== undefined) ? [TAGS_PATH] : []),
    ]),
    components: new Set(forms.flatMap(({ component }) => (component === undefined ? [] : [component]))),
  };
}

function also(reads: Reads, paths: readonly Path[], components: readonly string[] = []): Reads {
  return {
    paths: new Set([...reads.paths, ...paths]),
    components: new Set([...reads.components, ...components]),
  };
}

function schemaBreach(rule: Extract<Rule, { readonly kind: 'schema' }>) {
  const { component, required = false } = rule;
  const judged = schemaOf(rule);
  const prefix = `${component}.`;
  return ({ registers }: RuleFacts, check: SchemaCheck): Breach | null => {
    if (!holds(registers, prefix))
      return required ? { path: null, expected: `a component ${component}`, clashes: [] } : null;
    if (judged === null) return null;
    const written = check.written(component, () => propertiesOf(registers, component));
    const [first] = componentMisfits(judged, written, check);
    if (first === undefined) return null;
    const { path, misfit } = first;
    return { path, expected: `${path}${misfit.at} to be ${misfit.expected}`, clashes: [] };
  };
}

function schemaOf(rule: Extract<Rule, { readonly kind: 'schema' }>) {
  const reading = rule.schema === undefined ? null : parseSchema(rule.schema);
  if (reading === null || 'problem' in reading) return null;
  return { name: rule.component, schema: reading.schema, required: requiredOf(reading.schema) };
}

function parentBreach(rule: Extract<Rule, { readonly kind: 'parent' }>) {
  const forms = rule.parents.map(formMatcher);
  const expected = `to hang from ${parentWords(rule)}`;
  return ({ parent, parentId }: RuleFacts): Breach | null => {
    if (parent === null || parentId === ROOT)
      return rule.root === true ? null : { path: null, expected, clashes: [] };
    return forms.some((fits) => fits(parent)) ? null : { path: null, expected, clashes: [parentId] };
  };
}

function parentWords({ parents, root = false }: Extract<Rule, { readonly kind: 'parent' }>): string {
  const words = parents.map(({ kind, tag, component }) =>
    [
      ...(kind === undefined ? [] : [`kind ${kind}`]),
      ...(tag === undefined ? [] : [`tag ${tag}`]),
      ...(component === undefined ? [] : [`component ${component}`]),
    ].join(' and '),
  );
  return [
    ...words.map((word) => (word === '' ? 'any object' : `an object with ${word}`)),
    ...(root ? ['the root'] : []),
  ].join(', or ');
}

function boundsBreach({ min, max, space = 'world' }: Extract<Rule, { readonly kind: 'bounds' }>) {
  const expected = `an origin from [${min.join(', ')}] to [${max.join(', ')}] metres${space === 'local' ? ' from its parent' : ''}`;
  return (facts: RuleFacts): Breach | null => {
    const origin =
      space === 'local'
        ? readProperty('transform', 'position', writtenAt(facts.registers, POSITION_PATH))
        : facts.origin();
    // NaN, from transforms whose product overflows, lies nowhere.
    return isWithin(origin, min, max) ? null : { path: POSITION_PATH, expected, clashes: [] };
  };
}

function rangeBreach(rule: Extract<Rule, { readonly kind: 'range' }>) {
  const path = parsePath(rule.property);
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = rule;
  const fits = (value: Value) => typeof value === 'number' && value >= min && value <= max;
  const expected = `${path} ${rule.min === undefined ? 'up ' : `from ${min} `}${rule.max === undefined ? 'up' : `to ${max}`}`;
  return ({ registers }: RuleFacts): Breach | null => {
    const value = writtenAt(registers, path);
    return value === null || (typeof value === 'object' && isList(value) ? areAll(value, fits) : fits(value))
      ? null
      : { path, expected, clashes: [] };
  };
}

type Triple = readonly [number, number, number];

// Whole worlds go through these: no closure, no array.
function isWithin([x, y, z]: Triple, min: Triple, max: Triple): boolean {
  return x >= min[0] && x <= max[0] && y >= min[1] && y <= max[1] && z >= min[2] && z <= max[2];
}

function areAll(values: readonly Value[], fits: (value: Value) => boolean): boolean {
  for (const value of values) if (!fits(value)) return false;
  return true;
}
