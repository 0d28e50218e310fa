import { type TSchema, Type } from 'typebox';
import type { Field, Fields, FieldValue } from './field.ts';

/** Fields by name, in the order in which the wire has them. */
export type RecordOf<F extends Fields> = { readonly [K in keyof F]: FieldValue<F[K]> };

/** What a later version may add at the end of a record; a reader passes over it. */
const MAX_UNKNOWN_FIELDS = 16;

/** Reads and writes records as lists of their fields. */
export class RecordCodec<F extends Fields> {
  readonly #names: readonly string[];
  readonly #fields: readonly Field<unknown>[];

  constructor(fields: F) {
    this.#names = Object.keys(fields);
    this.#fields = Object.values(fields);
  }

  /** Adds what the wire says to a record that the caller began; the field that it does not fit, or `null`. */
  readInto(record: Record<string, unknown>, wire: unknown): string | null {
    const names = this.#names;
    const fields = this.#fields;
    if (!Array.isArray(wire) || wire.length < names.length || wire.length > names.length + MAX_UNKNOWN_FIELDS)
      return `a list of ${names.length}`;
    for (let at = 0; at < names.length; at++) {
      const name = names[at] ?? '';
      const value = fields[at]?.read(wire[at]);
      if (value === undefined) return name;
      record[name] = value;
    }
    return null;
  }

  write(record: RecordOf<F>): unknown[] {
    const values: Readonly<Record<string, unknown>> = record;
    const wire: unknown[] = [];
    for (let at = 0; at < this.#names.length; at++)
      wire.push(this.#fields[at]?.write(values[this.#names[at] ?? '']));
    return wire;
  }
}

/** A record within a frame. */
export function record<const F extends Fields>(description: string, fields: F): Field<RecordOf<F>> {
  const codec = new RecordCodec(fields);
  return {
    schema: recordSchema(description, fields),
    read: (wire) => {
      const read: Record<string, unknown> = {};
      // Every field was just read under its name.
      return codec.readInto(read, wire) === null ? (read as RecordOf<F>) : undefined;
    },
    write: (value) => codec.write(value),
  };
}

/** The list that a record is on the wire, as it is written: each place with its field's name. */
export function recordSchema(description: string, fields: Fields): TSchema {
  const places = Object.entries(fields).map(([title, { schema }]) => ({ title, ...schema }));
  if (places.length === 0) return Type.Unsafe({ type: 'array', description, maxItems: 0 });
  return Type.Unsafe({
    type: 'array',
    description,
    prefixItems: places,
    items: false,
    minItems: places.length,
  });
}
