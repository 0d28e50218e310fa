import { WeftError } from '../errors.ts';
import { FORBIDDEN_NAMES, type Path } from '../ids.ts';
import type { Bound, Scalar } from '../scene/property-index.ts';
import { normaliseValue } from '../value/normalise.ts';
import { isList, type Value } from '../value/value.ts';
import { invalid, recordOf } from './invalid.ts';
import { MAX_FILTER_DEPTH, MAX_FILTER_LIST, MAX_QUERY_CONDITIONS, MAX_WORD_CHARACTERS } from './limits.ts';
import { type ValuePath, valuePathOf } from './value-path.ts';

/** Plain data as mingo needs it: records with the ordinary prototype. */
export type PlainFilter = Record<string, unknown>;

/** What an index can find: everything that passes the filter is among it. */
export type IndexHint =
  | { readonly path: Path; readonly values: readonly Scalar[] }
  | { readonly path: Path; readonly low: Bound | null; readonly high: Bound | null };

export interface CheckedFilter {
  readonly filter: PlainFilter;
  /** Everything that is read, by the plain name that it has in the filter: mingo reads dots in its own way. */
  readonly fields: ReadonlyMap<string, ValuePath>;
  readonly hints: readonly IndexHint[];
  /** Operators and the values that they compare with. */
  readonly weight: number;
}

export const LOGIC: ReadonlySet<string> = new Set(['$and', '$or', '$nor']);
const COMPARISONS: ReadonlySet<string> = new Set(['$gt', '$gte', '$lt', '$lte']);
const LISTS: ReadonlySet<string> = new Set(['$in', '$nin', '$all']);
const TEXTS: ReadonlySet<string> = new Set(['$prefix', '$contains']);
const OPERATORS = [
  ...['$eq', '$ne', ...COMPARISONS, ...LISTS, '$exists', '$size', '$elemMatch', '$not', ...TEXTS],
];
const MEMBER = /^[^$.\0][^.\0]{0,63}$/u;

/** Checks `where`, whoever wrote it, and copies it: nothing of the original is kept. */
export function checkFilter(where: unknown): CheckedFilter | null {
  if (where === undefined) return null;
  const check = new FilterCheck();
  const filter = check.filter(where, 'where', 0, check.property);
  return {
    filter,
    fields: check.fields,
    hints: hintsOf(filter, check.fields),
    weight: check.conditions + check.listed,
  };
}

class FilterCheck {
  readonly fields = new Map<string, ValuePath>();
  readonly #names = new Map<string, string>();
  conditions = 0;
  listed = 0;

  /** The plain name of a path. */
  readonly property = (text: string, part: string): string => {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    const name = `p${this.fields.size}`;
    this.fields.set(name, valuePathOf(text, part));
    this.#names.set(text, name);
    return name;
  };

  filter(
    input: unknown,
    part: string,
    depth: number,
    nameOf: (name: string, part: string) => string,
  ): PlainFilter {
    if (depth > MAX_FILTER_DEPTH) throw invalid(part, `at most ${MAX_FILTER_DEPTH} levels`, 'more');
    const result: PlainFilter = {};
    for (const [name, condition] of recordOf(input, part)) {
      const inner = `${part}.${name.slice(0, MAX_WORD_CHARACTERS)}`;
      if (LOGIC.has(name)) {
        this.#count(inner);
        result[name] = listOf(condition, inner, MAX_QUERY_CONDITIONS).map((each, at) =>
          this.filter(each, `${inner}.${at}`, depth + 1, nameOf),
        );
      } else if (name.startsWith('$')) {
        throw invalid(inner, `$and, $or, $nor or the path of a property`, name);
      } else {
        result[nameOf(name, inner)] = this.#condition(condition, inner, depth);
      }
    }
    return result;
  }

  /** A value to equal, or operators. */
  #condition(input: unknown, part: string, depth: number): PlainFilter {
    if (!hasOperators(input)) return { $eq: this.#operand(input, part) };
    if (depth > MAX_FILTER_DEPTH) throw invalid(part, `at most ${MAX_FILTER_DEPTH} levels`, 'more');
    const result: PlainFilter = {};
    for (const [name, operand] of recordOf(input, part)) {
      if (!OPERATORS.includes(name)) throw invalid(part, `one of ${OPERATORS.join(', ')}`, name);
      result[name] = this.#operator(name, operand, `${part}.${name}`, depth);
    }
    return result;
  }

  #operator(name: string, operand: unknown, part: string, depth: number): unknown {
    if (name === '$not') {
      if (!hasOperators(operand)) throw invalid(part, 'operators', operand);
      return this.#condition(operand, part, depth + 1);
    }
    if (name === '$elemMatch') {
      this.#count(part);
      return hasOperators(operand) && ![...recordOf(operand, part).keys()].some((key) => LOGIC.has(key))
        ? this.#condition(operand, part, depth + 1)
        : this.filter(operand, part, depth + 1, memberName);
    }
    if (LISTS.has(name)) {
      this.#count(part);
      const list = listOf(operand, part, MAX_FILTER_LIST);
      this.listed += list.length;
      return list.map((value, at) => plain(readOperand(value, `${part}.${at}`)));
    }
    const value = this.#operand(operand, part);
    if (COMPARISONS.has(name) && typeof value !== 'number' && typeof value !== 'string')
      throw invalid(part, 'a number or text', operand);
    if (TEXTS.has(name) && (typeof value !== 'string' || value.length > MAX_WORD_CHARACTERS))
      throw invalid(part, `text of at most ${MAX_WORD_CHARACTERS} characters`, operand);
    if (name === '$exists' && typeof value !== 'boolean') throw invalid(part, 'true or false', operand);
    if (name === '$size' && (!Number.isInteger(value) || Number(value) < 0))
      throw invalid(part, 'a whole number, 0 or more', operand);
    return value;
  }

  #operand(input: unknown, part: string): unknown {
    this.#count(part);
    return plain(readOperand(input, part));
  }

  #count(part: string): void {
    this.conditions += 1;
    if (this.conditions > MAX_QUERY_CONDITIONS)
      throw invalid(part, `at most ${MAX_QUERY_CONDITIONS} operators in all of where`, 'more');
  }
}

function memberName(name: string, part: string): string {
  if (MEMBER.test(name) && !FORBIDDEN_NAMES.has(name)) return name;
  throw invalid(part, 'the name of a member', name);
}

/** A value to equal that has `$` names would be read as operators: `$eq` says that it is not. */
function hasOperators(input: unknown): boolean {
  return (
    typeof input === 'object' &&
    input !== null &&
    !Array.isArray(input) &&
    Object.keys(input).some((key) => key.startsWith('$'))
  );
}

function listOf(input: unknown, part: string, most: number): readonly unknown[] {
  if (!Array.isArray(input) || input.length === 0 || input.length > most)
    throw invalid(part, `a list of 1 to ${most}`, input);
  return Array.from(input);
}

function readOperand(input: unknown, part: string): Value {
  try {
    return normaliseValue(input, 'read a query', part);
  } catch (cause) {
    if (!(cause instanceof WeftError)) throw cause;
    throw invalid(cause.path ?? part, cause.expected, cause.got, cause);
  }
}

/** A copy with ordinary prototypes: mingo takes two records without one for equal. */
export function plain(value: Value): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.some(isComposite) ? value.map(plain) : value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}

function isComposite(value: Value): boolean {
  return typeof value === 'object' && value !== null;
}

/** What must hold of a property for the whole filter to hold. */
function hintsOf(filter: PlainFilter, fields: ReadonlyMap<string, ValuePath>): readonly IndexHint[] {
  return Object.entries(filter).flatMap(([name, condition]) => {
    if (name === '$and' && Array.isArray(condition))
      return condition.flatMap((part) => hintsOf(part, fields));
    const field = fields.get(name);
    if (field === undefined || field.steps.length > 0) return [];
    const { path } = field;
    const operators = recordOf(condition, name);
    return [...equalityHint(path, operators), ...rangeHint(path, operators)];
  });
}

function equalityHint(path: Path, operators: ReadonlyMap<string, unknown>): readonly IndexHint[] {
  const listed = operators.get('$in');
  const options = operators.has('$eq') ? [operators.get('$eq')] : listed;
  if (!Array.isArray(options)) return [];
  const values = options.filter(isScalar);
  return values.length === options.length ? [{ path, values }] : [];
}

function rangeHint(path: Path, operators: ReadonlyMap<string, unknown>): readonly IndexHint[] {
  const low = boundOf(operators, '$gt', '$gte');
  const high = boundOf(operators, '$lt', '$lte');
  if (low === null && high === null) return [];
  // Ends of two types: nothing in between, and nothing that an order could find.
  if (low !== null && high !== null && typeof low.value !== typeof high.value) return [];
  return [{ path, low, high }];
}

function boundOf(operators: ReadonlyMap<string, unknown>, open: string, closed: string): Bound | null {
  const inclusive = !operators.has(open);
  const value = operators.get(inclusive ? closed : open);
  return typeof value === 'string' || typeof value === 'number' ? { value, inclusive } : null;
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
