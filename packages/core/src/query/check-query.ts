import { isComponentName, isObjectId, type ObjectId, pathOf } from '../ids.ts';
import type { Point } from '../scene/box.ts';
import { type CheckedFilter, checkFilter } from './check-filter.ts';
import { type CheckedSelector, checkSelector } from './check-selector.ts';
import { type CheckedWithin, checkWithin } from './check-within.ts';
import { invalid, onlyParts, pointOf, recordOf, wholeNumber } from './invalid.ts';
import { MAX_FIELDS, MAX_QUERY_RESULTS, MAX_WORD_CHARACTERS } from './limits.ts';
import { checkCursor, checkSort, type Ranked, type SortPath } from './order.ts';
import { checkText } from './text-search.ts';

/** A query that was checked, with everything copied: nothing of the original is kept. */
export interface CheckedQuery {
  readonly select: CheckedSelector | null;
  readonly kind: string | null;
  readonly name: string | null;
  readonly tag: string | null;
  readonly parent: ObjectId | null;
  readonly descendantsOf: ObjectId | null;
  readonly component: string | null;
  readonly where: CheckedFilter | null;
  readonly text: readonly string[] | null;
  readonly within: CheckedWithin | null;
  readonly nearest: { readonly to: Point; readonly k: number } | null;
  readonly sort: readonly SortPath[];
  readonly limit: number;
  readonly after: Ranked | null;
  readonly fields: readonly string[] | null;
  readonly count: boolean;
}

const PARTS = [
  'select',
  'kind',
  'name',
  'tag',
  'parent',
  'descendantsOf',
  'component',
  'where',
  'text',
  'within',
  'nearest',
  'sort',
  'limit',
  'after',
  'fields',
  'count',
];

/**
 * Checks a query, whoever wrote it. What is misspelt is refused, since a condition that is silently left out would
 * match everything.
 *
 * @throws WeftError `invalid-query`
 */
export function checkQuery(query: unknown): CheckedQuery {
  const parts = recordOf(query, 'query');
  onlyParts(parts, PARTS, '');
  const within = checkWithin(parts.get('within'));
  const nearest = checkNearest(parts.get('nearest'));
  const sort = checkSort(parts.get('sort'));
  if (nearest !== null && within?.ray != null) throw invalid('nearest', 'no ray beside it', 'both');
  const isMeasured = nearest !== null || within?.ray != null;
  if (isMeasured && sort.length > 0)
    throw invalid('sort', 'none with nearest or ray, which sort by distance', 'both');
  return {
    select: checkSelector(parts.get('select')),
    kind: word(parts, 'kind'),
    name: word(parts, 'name'),
    tag: word(parts, 'tag'),
    parent: objectId(parts, 'parent'),
    descendantsOf: objectId(parts, 'descendantsOf'),
    component: component(parts.get('component')),
    where: checkFilter(parts.get('where')),
    text: checkText(parts.get('text')),
    within,
    nearest,
    sort,
    limit: limit(parts.get('limit')),
    after: checkCursor(parts.get('after'), isMeasured ? 1 : sort.length),
    fields: fields(parts.get('fields')),
    count: flag(parts.get('count'), 'count'),
  };
}

function word(parts: ReadonlyMap<string, unknown>, name: string): string | null {
  const text = parts.get(name);
  if (text === undefined) return null;
  if (typeof text === 'string' && text.length <= MAX_WORD_CHARACTERS) return text;
  throw invalid(name, `text of at most ${MAX_WORD_CHARACTERS} characters`, text);
}

function objectId(parts: ReadonlyMap<string, unknown>, name: string): ObjectId | null {
  const id = parts.get(name);
  if (id === undefined) return null;
  if (isObjectId(id)) return id;
  throw invalid(name, 'an object id, or root', id);
}

function component(name: unknown): string | null {
  if (name === undefined) return null;
  if (typeof name === 'string' && isComponentName(name)) return name;
  throw invalid('component', 'the name of a component', name);
}

function checkNearest(input: unknown): CheckedQuery['nearest'] {
  if (input === undefined) return null;
  const given = recordOf(input, 'nearest');
  onlyParts(given, ['to', 'k'], 'nearest');
  return {
    to: pointOf(given.get('to'), 'nearest.to'),
    k: wholeNumber(given.get('k'), 'nearest.k', MAX_QUERY_RESULTS),
  };
}

function limit(count: unknown): number {
  return count === undefined ? Number.POSITIVE_INFINITY : wholeNumber(count, 'limit', MAX_QUERY_RESULTS);
}

function fields(input: unknown): readonly string[] | null {
  if (input === undefined) return null;
  if (!Array.isArray(input) || input.length === 0 || input.length > MAX_FIELDS)
    throw invalid('fields', `a list of 1 to ${MAX_FIELDS} components or properties`, input);
  return Array.from(input, (field: unknown, at) => {
    if (typeof field === 'string' && isField(field)) return field;
    throw invalid(`fields.${at}`, 'component or component.property', field);
  });
}

function isField(field: string): boolean {
  const dot = field.indexOf('.');
  return dot < 0 ? isComponentName(field) : pathOf(field.slice(0, dot), field.slice(dot + 1)) !== undefined;
}

function flag(input: unknown, part: string): boolean {
  if (input === undefined) return false;
  if (typeof input === 'boolean') return input;
  throw invalid(part, 'true or false', input);
}
