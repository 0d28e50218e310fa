import { WeftError } from '../errors.ts';
import { FORBIDDEN_NAMES } from '../ids.ts';
import { canonicalJson } from './canonical.ts';
import { isPlainRecord } from './plain-record.ts';
import { utf8Length } from './utf8.ts';
import { MAX_VALUE_BYTES, MAX_VALUE_DEPTH, type Value } from './value.ts';

/** Why something is not a value. */
class Refusal {
  readonly code: 'invalid-value' | 'limit';
  readonly expected: string;
  readonly got: string;
  /** The way into the value, as paths of queries have it: `a.1`. */
  readonly at: string;

  constructor(code: 'invalid-value' | 'limit', expected: string, got: string, at = '') {
    this.code = code;
    this.expected = expected;
    this.got = got;
    this.at = at;
  }

  /** The same, told of what holds it. What is too large is so as a whole. */
  within(step: string | number, _holder: object): Refusal {
    if (this.code === 'limit') return this;
    return new Refusal(this.code, this.expected, this.got, this.at === '' ? `${step}` : `${step}.${this.at}`);
  }
}

/** Too deep, until it turns out on the way up to hold itself. */
class TooDeep extends Refusal {
  readonly #deepest: object;

  constructor(deepest: object) {
    super('limit', `at most ${MAX_VALUE_DEPTH} levels of arrays and records`, 'more');
    this.#deepest = deepest;
  }

  override within(_step: string | number, holder: object): Refusal {
    return holder === this.#deepest ? new HoldsItself(holder) : this;
  }
}

/** Placed where it is held first, however often one came by. */
class HoldsItself extends Refusal {
  readonly #itself: object;

  constructor(itself: object, at = '') {
    super('invalid-value', 'a value that does not hold itself', 'one that does', at);
    this.#itself = itself;
  }

  override within(step: string | number, holder: object): Refusal {
    const at = holder === this.#itself ? '' : super.within(step, holder).at;
    return new HoldsItself(this.#itself, at);
  }
}

/** Bounds on the canonical size, so that most values are never printed to be measured and a huge one is left early. */
interface Size {
  least: number;
  most: number;
}

const MAX_NUMBER_CHARACTERS = 25;
const MAX_ESCAPED_CHARACTER_BYTES = 6;
const TOO_LARGE = new Refusal('limit', `at most ${MAX_VALUE_BYTES} bytes of JSON`, 'more');

/**
 * A deep-frozen copy of a JSON value, with -0 made 0 and records without a prototype.
 *
 * @param what the start of the error's sentence: `set transform.position of Kx81`
 * @param path where the value goes; the error's path goes on from there to what is wrong in it
 * @throws WeftError `invalid-value` for what JSON cannot hold, NUL, lone surrogates and forbidden names;
 *   `limit` past 32 levels or 4096 bytes
 */
export function normaliseValue(input: unknown, what: string, path = ''): Value {
  const value = read(input);
  if (!(value instanceof Refusal)) return value;
  const { expected, got, at } = value;
  const steps = [path, at].filter((step) => step !== '');
  throw new WeftError(value.code, {
    what,
    expected,
    got: at === '' ? got : `${got} at ${at}`,
    ...(steps.length === 0 ? {} : { path: steps.join('.') }),
    hint:
      value.code === 'limit'
        ? 'Keep large content in an asset and store its address.'
        : 'Pass plain JSON: null, booleans, finite numbers, strings, arrays and records of these.',
  });
}

/** As `normaliseValue`, for input from outside: `undefined` where that throws. */
export function readValue(input: unknown): Value | undefined {
  const value = read(input);
  return value instanceof Refusal ? undefined : value;
}

/** Whether `normaliseValue` accepts it. */
export function isValue(input: unknown): input is Value {
  return !(read(input) instanceof Refusal);
}

function read(input: unknown): Value | Refusal {
  const size: Size = { least: 0, most: 0 };
  const value = copy(input, 0, size);
  if (value instanceof Refusal || size.most <= MAX_VALUE_BYTES) return value;
  return utf8Length(canonicalJson(value)) <= MAX_VALUE_BYTES ? value : TOO_LARGE;
}

function copy(input: unknown, depth: number, size: Size): Value | Refusal {
  switch (typeof input) {
    case 'string':
      return copyText(input, size);
    case 'number':
      if (!Number.isFinite(input)) return new Refusal('invalid-value', 'a finite number', String(input));
      return grow(size, 1, MAX_NUMBER_CHARACTERS) ?? (input === 0 ? 0 : input);
    case 'boolean':
      return grow(size, 4, 5) ?? input;
    case 'object':
      if (input === null) return grow(size, 4, 4) ?? null;
      if (depth === MAX_VALUE_DEPTH) return new TooDeep(input);
      return Array.isArray(input) ? copyList(input, depth + 1, size) : copyRecord(input, depth + 1, size);
    default:
      return new Refusal('invalid-value', 'a JSON value', typeof input);
  }
}

function copyText(text: string, size: Size): string | Refusal {
  const tooLarge = grow(size, text.length + 2, text.length * MAX_ESCAPED_CHARACTER_BYTES + 2);
  if (tooLarge !== undefined) return tooLarge;
  if (!text.isWellFormed()) return new Refusal('invalid-value', 'well-formed Unicode', 'a lone surrogate');
  return text.includes('\0') ? new Refusal('invalid-value', 'text without NUL', 'text with U+0000') : text;
}

function copyList(list: readonly unknown[], depth: number, size: Size): Value | Refusal {
  const tooLarge = grow(size, list.length + 1, list.length + 2);
  if (tooLarge !== undefined) return tooLarge;
  const result: Value[] = [];
  // By index, since iteration would skip nothing but `forEach` and `map` skip the holes of a sparse array.
  for (let at = 0; at < list.length; at++) {
    const item = copy(list[at], depth, size);
    if (item instanceof Refusal) return item.within(at, list);
    result.push(item);
  }
  return Object.freeze(result);
}

function copyRecord(record: object, depth: number, size: Size): Value | Refusal {
  if (!isPlainRecord(record))
    return new Refusal('invalid-value', 'a plain array or record', Object.prototype.toString.call(record));
  const result: Record<string, Value> = Object.create(null);
  const tooLarge = grow(size, 2, 2);
  if (tooLarge !== undefined) return tooLarge;
  // One name after another: to list the members of a huge one takes seconds.
  for (const name in record) {
    if (!Object.hasOwn(record, name)) continue;
    if (FORBIDDEN_NAMES.has(name)) return new Refusal('invalid-value', 'another name', JSON.stringify(name));
    const key = copyText(name, size);
    if (key instanceof Refusal) return key;
    const value = grow(size, 1, 2) ?? copy(Reflect.get(record, name), depth, size);
    if (value instanceof Refusal) return value.within(key, record);
    result[key] = value;
  }
  return Object.freeze(result);
}

function grow(size: Size, least: number, most: number): Refusal | undefined {
  size.least += least;
  size.most += most;
  return size.least > MAX_VALUE_BYTES ? TOO_LARGE : undefined;
}
