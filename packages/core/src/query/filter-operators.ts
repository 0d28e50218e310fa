import { Context } from 'mingo/core';
import { $all, $and, $nor, $not, $or, $size } from 'mingo/operators/query';
import { Query } from 'mingo/query';
import { isEqual } from 'mingo/util';
import { compareUtf8 } from '../value/utf8.ts';
import { LOGIC } from './check-filter.ts';

type Test = (held: unknown) => boolean;
type Document = Record<string, unknown>;

/** An operator of our own, in the shape that mingo takes. */
function operator(testOf: (operand: unknown) => Test) {
  return (field: string, operand: unknown, _options: unknown) => {
    const test = testOf(operand);
    return (document: Document): boolean =>
      test(Object.hasOwn(document, field) ? document[field] : undefined);
  };
}

/** Whether the value fits, or is a list with an item that does. */
function anyItem(test: Test): Test {
  return (held) => (Array.isArray(held) ? held.some(test) : test(held));
}

/** `null` is also what is absent. */
function equals(operand: unknown): Test {
  const same: Test = (held) => isEqual(held ?? null, operand ?? null);
  return (held) => same(held) || (Array.isArray(held) && held.some(same));
}

/** One set for all that is not a list or a record, so that the length of the list costs nothing. */
function isOneOf(operand: unknown): Test {
  const options: readonly unknown[] = Array.isArray(operand) ? operand : [];
  const simple = new Set(options.filter((option) => typeof option !== 'object' || option === null));
  const others = options.filter((option) => typeof option === 'object' && option !== null).map(equals);
  const isSimple: Test = (held) => simple.has(held ?? null);
  return (held) =>
    isSimple(held) || (Array.isArray(held) && held.some(isSimple)) || others.some((test) => test(held));
}

function compared(fits: (order: number) => boolean): (operand: unknown) => Test {
  return (operand) =>
    anyItem((held) => {
      if (typeof held === 'number' && typeof operand === 'number') return fits(held - operand);
      return typeof held === 'string' && typeof operand === 'string' && fits(compareUtf8(held, operand));
    });
}

function not(testOf: (operand: unknown) => Test): (operand: unknown) => Test {
  return (operand) => {
    const test = testOf(operand);
    return (held) => !test(held);
  };
}

/** One item that passes: operators of the item itself, or a filter over the members of a record. */
function hasItem(operand: unknown): Test {
  const criteria: Document = Object(operand);
  const names = Object.keys(criteria);
  const isOfItem = names.length > 0 && names.every((name) => name.startsWith('$') && !LOGIC.has(name));
  const query = new Query(isOfItem ? { item: criteria } : criteria, FILTER_OPTIONS);
  const test: Test = isOfItem ? (item) => query.test({ item }) : (item) => isRecord(item) && query.test(item);
  return (held) => Array.isArray(held) && held.some(test);
}

function isRecord(item: unknown): item is Document {
  return typeof item === 'object' && item !== null && !Array.isArray(item);
}

/** All that a filter may use: nothing here runs code or a regular expression, and nothing else can be reached. */
const CONTEXT: Context = Context.init({
  query: {
    $and,
    $or,
    $nor,
    $not,
    $all,
    $size,
    $elemMatch: operator(hasItem),
    $eq: operator(equals),
    $ne: operator(not(equals)),
    $in: operator(isOneOf),
    $nin: operator(not(isOneOf)),
    $gt: operator(compared((order) => order > 0)),
    $gte: operator(compared((order) => order >= 0)),
    $lt: operator(compared((order) => order < 0)),
    $lte: operator(compared((order) => order <= 0)),
    $exists: operator((operand) => (held) => ((held ?? null) !== null) === operand),
    $prefix: operator((operand) =>
      anyItem((held) => typeof held === 'string' && held.startsWith(String(operand))),
    ),
    $contains: operator((operand) =>
      anyItem((held) => typeof held === 'string' && held.includes(String(operand))),
    ),
  },
});

export const FILTER_OPTIONS = { context: CONTEXT, scriptEnabled: false };
