import type { ColumnStamps } from '../register/column.ts';
import { isTime, type Stamp } from '../stamp/stamp.ts';
import { badFile } from './bad-file.ts';
import type { ByteReader } from './byte-reader.ts';
import { STAMPS } from './column-codes.ts';
import { type PackedIntegers, readIndexes } from './packed-integers.ts';
import type { ReadTables } from './read-tables.ts';

/** The stamps of a block. One that is malformed is `null`: its registers are dropped. */
export class ReadStamps implements ColumnStamps {
  /** Whether none is malformed. */
  readonly isWhole: boolean;
  /** Each that occurs, once; by time. */
  readonly #stamps: readonly (Stamp | null)[];
  /** The stamp that each object has where its registers have no other; `null` where the block has none. */
  readonly #own: PackedIntegers | null;

  constructor(reader: ByteReader, objects: number, tables: ReadTables) {
    this.#stamps = readTable(reader, tables);
    const count = this.#stamps.length;
    this.#own = count === 0 ? null : readIndexes(reader, objects, count, 'stamps');
    this.isWhole = count > 0 && !this.#stamps.includes(null);
  }

  /** Those of the block that are sound, each once. */
  get distinct(): readonly Stamp[] {
    return this.#stamps.filter((stamp) => stamp !== null);
  }

  stamp(object: number): Stamp | null {
    return this.#own === null ? null : (this.#stamps[this.#own.at(object)] ?? null);
  }

  /** The stamps of one column, with so many registers. */
  readColumn(reader: ByteReader, count: number): ColumnStamps {
    const form = reader.u8();
    if (form === STAMPS.own) return this;
    if (form === STAMPS.each)
      return new EachStamp(this.#stamps, readIndexes(reader, count, this.#stamps.length, 'stamps'));
    if (form !== STAMPS.exceptions) throw badFile('a known form of stamps', `form ${form}`);
    const exceptions = new Map<number, Stamp | null>();
    const differing = reader.count(count, 'stamps that differ');
    for (let at = -1, read = 0; read < differing; read++) {
      at = nextOf(at, reader.varint(), count);
      const number = reader.varint();
      const stamp = this.#stamps[number];
      if (stamp === undefined) throw badFile(`one of ${this.#stamps.length} stamps`, `number ${number}`);
      exceptions.set(at, stamp);
    }
    return new StampsBut(this, exceptions);
  }
}

class EachStamp implements ColumnStamps {
  readonly #stamps: readonly (Stamp | null)[];
  readonly #numbers: PackedIntegers;

  constructor(stamps: readonly (Stamp | null)[], numbers: PackedIntegers) {
    this.#stamps = stamps;
    this.#numbers = numbers;
  }

  stamp(_object: number, at: number): Stamp | null {
    return this.#stamps[this.#numbers.at(at)] ?? null;
  }
}

class StampsBut implements ColumnStamps {
  readonly #own: ReadStamps;
  readonly #exceptions: ReadonlyMap<number, Stamp | null>;

  constructor(own: ReadStamps, exceptions: ReadonlyMap<number, Stamp | null>) {
    this.#own = own;
    this.#exceptions = exceptions;
  }

  stamp(object: number, at: number): Stamp | null {
    const exception = this.#exceptions.get(at);
    return exception === undefined ? this.#own.stamp(object) : exception;
  }
}

/** The number after a gap. */
export function nextOf(before: number, gap: number, count: number): number {
  const next = before + 1 + gap;
  if (next >= count) throw badFile(`numbers below ${count}`, String(next));
  return next;
}

function readTable(reader: ByteReader, tables: ReadTables): (Stamp | null)[] {
  // Each takes two bytes at least.
  const count = reader.count(Math.floor(reader.left / 2), 'stamps in what is left of the section');
  const stamps: (Stamp | null)[] = [];
  let time = 0;
  for (let read = 0; read < count; read++) {
    time += reader.varint();
    const index = reader.varint();
    const actor = tables.actors[index];
    if (actor === undefined) throw badFile(`one of ${tables.actors.length} actors`, `number ${index}`);
    stamps.push(actor !== null && isTime(time) ? { time, actor } : null);
  }
  return stamps;
}
