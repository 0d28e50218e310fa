import { Type } from 'typebox';
import type { Field } from './field.ts';

/** The value, or null. */
export function nullable<T>(field: Field<T>): Field<T | null> {
  return {
    schema: Type.Union([field.schema, Type.Null()]),
    read: (wire) => (wire === null ? null : field.read(wire)),
    write: (value) => (value === null ? null : field.write(value)),
  };
}

/** At most that many of the same kind. */
export function list<T>(description: string, item: Field<T>, maxItems: number): Field<readonly T[]> {
  return {
    schema: Type.Array(item.schema, { description, maxItems }),
    read: (wire) => {
      if (!Array.isArray(wire) || wire.length > maxItems) return undefined;
      const items: T[] = [];
      for (const each of wire) {
        const read = item.read(each);
        if (read === undefined) return undefined;
        items.push(read);
      }
      return items;
    },
    write: (items) => items.map((each) => item.write(each)),
  };
}
