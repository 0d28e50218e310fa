import type { TSchema } from 'typebox';

/**
 * One value of a frame: its schema, and how it is read and written. What the wire holds are the values that MessagePack
 * has: null, booleans, numbers, text, lists, records and bytes.
 */
export interface Field<T> {
  /** Of the wire form; bytes are base64url there, since JSON has none. */
  readonly schema: TSchema;
  /** What the wire says; `undefined` where that is no such value. Never throws. */
  read(wire: unknown): T | undefined;
  write(value: T): unknown;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;

export type FieldValue<F> = F extends Field<infer T> ? T : never;

/** A field whose values are on the wire as they are, if the guard says so. */
export function plain<T>(schema: TSchema, is: (wire: unknown) => wire is T): Field<T> {
  return { schema, read: (wire) => (is(wire) ? wire : undefined), write: (value) => value };
}
