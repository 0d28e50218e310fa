import { badFile } from './bad-file.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { decimalsOf, isFloat32, MAX_DECIMALS, powerOfTen } from './decimals.ts';
import { type PackedIntegers, type Packing, packingOf, readPacked, writePacked } from './packed-integers.ts';

const FLOAT32 = 0x10;
const FLOAT64 = 0x11;

/** Writes numbers one after another in the smallest of three exact forms: scaled integers, float32, float64. */
export function writeNumbers(writer: ByteWriter, numbers: Float64Array): void {
  const whole = wholeOf(numbers);
  const floatBytes = numbers.every(isFloat32) ? 4 : 8;
  if (whole !== undefined && whole.packing.bytes <= numbers.length * floatBytes) {
    writer.u8(whole.decimals);
    writePacked(writer, whole.integers, whole.packing);
    return;
  }
  writer.u8(floatBytes === 4 ? FLOAT32 : FLOAT64);
  const space = writer.space(numbers.length * floatBytes);
  const view = new DataView(space.buffer, space.byteOffset, space.length);
  numbers.forEach((number, at) => {
    if (floatBytes === 4) view.setFloat32(at * 4, number, true);
    else view.setFloat64(at * 8, number, true);
  });
}

/** Numbers that were read. */
export interface NumberRun {
  readonly length: number;
  /** Whether all are; those that are not are no values. */
  readonly allFinite: boolean;
  at(index: number): number;
}

export function readNumbers(reader: ByteReader, count: number): NumberRun {
  const form = reader.u8();
  if (form <= MAX_DECIMALS) return new Decimals(readPacked(reader, count), powerOfTen(form));
  if (form !== FLOAT32 && form !== FLOAT64) throw badFile('a known form of numbers', `form ${form}`);
  const size = form === FLOAT32 ? 4 : 8;
  const bytes = reader.bytes(count * size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const numbers = size === 4 ? new Float32Array(count) : new Float64Array(count);
  for (let at = 0; at < count; at++) {
    const number = size === 4 ? view.getFloat32(at * 4, true) : view.getFloat64(at * 8, true);
    // Adding 0 makes a negative zero, which is no value, the zero that it stands for.
    numbers[at] = number + 0;
  }
  return new Floats(numbers);
}

/** Packed integers stay so until they are read, with a power of ten by which they were scaled. */
class Decimals implements NumberRun {
  readonly allFinite = true;
  readonly #integers: PackedIntegers;
  readonly #power: number;

  constructor(integers: PackedIntegers, power: number) {
    this.#integers = integers;
    this.#power = power;
  }

  get length(): number {
    return this.#integers.length;
  }

  at(index: number): number {
    return this.#integers.at(index) / this.#power;
  }
}

class Floats implements NumberRun {
  readonly allFinite: boolean;
  readonly #numbers: Float32Array | Float64Array;

  constructor(numbers: Float32Array | Float64Array) {
    this.#numbers = numbers;
    this.allFinite = numbers.every(Number.isFinite);
  }

  get length(): number {
    return this.#numbers.length;
  }

  at(index: number): number {
    return this.#numbers[index] ?? 0;
  }
}

interface Whole {
  readonly decimals: number;
  readonly integers: Float64Array;
  readonly packing: Packing;
}

/** The numbers as integers, with the least power of ten that makes all of them whole. */
function wholeOf(numbers: Float64Array): Whole | undefined {
  let decimals = 0;
  let large = false;
  for (const number of numbers) {
    const own = decimalsOf(number);
    if (own !== undefined) decimals = Math.max(decimals, own);
    else if (Number.isSafeInteger(number)) large = true;
    else return undefined;
  }
  // Large integers are exact as they are, and no longer when they are scaled.
  if (large && decimals > 0) return undefined;
  const power = powerOfTen(decimals);
  const integers = numbers.map((number) => Math.round(number * power));
  if (integers.some((integer, at) => integer / power !== numbers[at])) return undefined;
  const packing = packingOf(integers);
  return packing === undefined ? undefined : { decimals, integers, packing };
}
