import { WeftError } from '../errors.ts';
import { isPlainRecord, showHostile } from '../value/plain-record.ts';

/** @param part where in the query: `where.light.intensity` */
export function invalid(part: string, expected: string, got: unknown, cause?: unknown): WeftError {
  return new WeftError('invalid-query', {
    what: `run a query by ${part}`,
    expected,
    got: showHostile(got),
    hint: 'The query form is described in protocol-spec/query.md.',
    path: part,
    cause,
  });
}

/** More than any record of a query may have, whatever it is for. */
const MAX_MEMBERS = 64;

/** The members of a plain record that are not `undefined`. */
export function recordOf(input: unknown, part: string): ReadonlyMap<string, unknown> {
  if (!isPlainRecord(input)) throw invalid(part, 'an object', input);
  const members = new Map<string, unknown>();
  // One after another: to list the members of a huge one takes seconds.
  for (const name in input) {
    if (members.size === MAX_MEMBERS) throw invalid(part, `at most ${MAX_MEMBERS} members`, 'more');
    const member: unknown = Object.hasOwn(input, name) ? Reflect.get(input, name) : undefined;
    if (member !== undefined) members.set(name, member);
  }
  return members;
}

/** Refuses a member of another name: what is left out silently would match everything. */
export function onlyParts(given: ReadonlyMap<string, unknown>, names: readonly string[], part: string): void {
  for (const name of given.keys())
    if (!names.includes(name))
      throw invalid(part === '' ? name : `${part}.${name}`, `one of ${names.join(', ')}`, name);
}

export function wholeNumber(input: unknown, part: string, max: number): number {
  if (typeof input === 'number' && Number.isInteger(input) && input >= 1 && input <= max) return input;
  throw invalid(part, `a whole number from 1 to ${max}`, input);
}

/** A list of so many finite numbers. */
export function numbersOf(input: unknown, part: string, count: number): readonly number[] {
  if (Array.isArray(input) && input.length === count && input.every(Number.isFinite))
    return input.map(Number);
  throw invalid(part, `a list of ${count} finite numbers`, input);
}

export function pointOf(input: unknown, part: string): readonly [number, number, number] {
  const [x = 0, y = 0, z = 0] = numbersOf(input, part, 3);
  return [x, y, z];
}
