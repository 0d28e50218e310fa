import { WeftError } from '../errors.ts';
import { isComponentName, isObjectId, type ObjectId, type Path, parsePath } from '../ids.ts';
import type { Point } from '../scene/space-index.ts';
import { normaliseValue } from '../value/normalise.ts';
import type { Value } from '../value/value.ts';

/** What to look for: objects that match everything given. */
export interface ObjectQuery {
  /** `node.kind` is exactly this. */
  readonly kind?: string;
  /** `node.name` is exactly this. */
  readonly name?: string;
  /** `node.tags` holds this. */
  readonly tag?: string;
  /** Hangs directly from this object, or from `root`. */
  readonly parent?: string;
  /** Holds a property of this component. */
  readonly component?: string;
  /** Properties as written, by path, that equal these values; `null` for those that are absent. At most 32. */
  readonly where?: Readonly<Record<string, Value>>;
  /** The origin of the object is at most `radius` metres from a point of the world. */
  readonly within?: { readonly sphere: { readonly center: Point; readonly radius: number } };
  /** At most so many, the first by id: 1 to 100,000. Default: all. */
  readonly limit?: number;
}

/** A query that was checked. */
export interface CheckedQuery {
  readonly kind: string | null;
  readonly name: string | null;
  readonly tag: string | null;
  readonly parent: ObjectId | null;
  readonly component: string | null;
  readonly where: readonly (readonly [Path, Value])[];
  readonly sphere: { readonly center: Point; readonly radius: number } | null;
  readonly limit: number;
}

export const MAX_QUERY_CONDITIONS = 32;
export const MAX_QUERY_RESULTS = 100_000;
const MAX_WORD_CHARACTERS = 256;

const PARTS: ReadonlySet<string> = new Set([
  'kind',
  'name',
  'tag',
  'parent',
  'component',
  'where',
  'within',
  'limit',
]);

/**
 * Checks a query, whoever wrote it. What is misspelt is refused, since a condition that is silently left out would
 * match everything.
 *
 * @throws WeftError `invalid-query`
 */
export function checkQuery(query: unknown): CheckedQuery {
  const parts = record(query, 'a query');
  for (const part of parts.keys())
    if (!PARTS.has(part)) throw invalid(part, `one of ${[...PARTS].join(', ')}`, part);
  return {
    kind: word(parts, 'kind'),
    name: word(parts, 'name'),
    tag: word(parts, 'tag'),
    parent: parent(parts.get('parent')),
    component: component(parts.get('component')),
    where: where(parts.get('where')),
    sphere: sphere(parts.get('within')),
    limit: limit(parts.get('limit')),
  };
}

function word(parts: ReadonlyMap<string, unknown>, name: string): string | null {
  const text = parts.get(name);
  if (text === undefined) return null;
  if (typeof text === 'string' && text.length <= MAX_WORD_CHARACTERS) return text;
  throw invalid(name, `text of at most ${MAX_WORD_CHARACTERS} characters`, text);
}

function parent(id: unknown): ObjectId | null {
  if (id === undefined) return null;
  if (isObjectId(id)) return id;
  throw invalid('parent', 'an object id, or root', id);
}

function component(name: unknown): string | null {
  if (name === undefined) return null;
  if (typeof name === 'string' && isComponentName(name)) return name;
  throw invalid('component', 'the name of a component', name);
}

function where(conditions: unknown): readonly (readonly [Path, Value])[] {
  if (conditions === undefined) return [];
  const given = record(conditions, 'where');
  if (given.size > MAX_QUERY_CONDITIONS)
    throw invalid('where', `at most ${MAX_QUERY_CONDITIONS} properties`, given.size);
  return [...given].map(([name, value]) => [path(name), readCondition(name, value)]);
}

function path(name: string): Path {
  try {
    return parsePath(name);
  } catch (cause) {
    throw invalid('where', 'component.property, such as light.intensity', name, cause);
  }
}

function readCondition(name: string, value: unknown): Value {
  try {
    return normaliseValue(value, `look for ${name}`);
  } catch (cause) {
    throw invalid(`where ${name}`, 'a JSON value of at most 4096 bytes', typeof value, cause);
  }
}

function sphere(within: unknown): CheckedQuery['sphere'] {
  if (within === undefined) return null;
  const given = record(record(within, 'within').get('sphere'), 'within.sphere');
  const center = given.get('center');
  const radius = given.get('radius');
  if (typeof radius !== 'number' || !Number.isFinite(radius) || radius < 0)
    throw invalid('within.sphere.radius', 'metres, 0 or more', radius);
  if (!Array.isArray(center) || center.length !== 3 || !center.every(Number.isFinite))
    throw invalid('within.sphere.center', '[x, y, z] in metres', center);
  const [x, y, z] = center.map(Number);
  return { center: [x ?? 0, y ?? 0, z ?? 0], radius };
}

function limit(count: unknown): number {
  if (count === undefined) return Number.POSITIVE_INFINITY;
  if (typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= MAX_QUERY_RESULTS)
    return count;
  throw invalid('limit', `a whole number from 1 to ${MAX_QUERY_RESULTS}`, count);
}

function record(input: unknown, what: string): ReadonlyMap<string, unknown> {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw invalid(what, 'an object', input);
  return new Map(Object.entries(input).filter(([, value]) => value !== undefined));
}

function invalid(part: string, expected: string, got: unknown, cause?: unknown): WeftError {
  return new WeftError('invalid-query', {
    what: `run a query by ${part}`,
    expected,
    got: JSON.stringify(got) ?? String(got),
    hint: 'A query is { kind, name, tag, parent, component, where, within: { sphere: { center, radius } }, limit }, all optional.',
    path: part,
    cause,
  });
}
