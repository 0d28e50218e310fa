import { readValue, type Value } from '@weft/core';
import { Type } from 'typebox';
import { type Field, plain } from './field.ts';

const MAX_UINT32 = 4_294_967_295;

/** An integer from 0 to 2^53 - 1, or within a narrower range. */
export function integer(
  description: string,
  { minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: { minimum?: number; maximum?: number } = {},
): Field<number> {
  return plain(
    Type.Integer({ description, minimum, maximum }),
    (wire): wire is number =>
      typeof wire === 'number' && Number.isSafeInteger(wire) && wire >= minimum && wire <= maximum,
  );
}

/** An integer that four bytes hold. */
export function uint32(description: string, minimum = 0): Field<number> {
  return integer(description, { minimum, maximum: MAX_UINT32 });
}

export function flag(description: string): Field<boolean> {
  return plain(Type.Boolean({ description }), (wire): wire is boolean => typeof wire === 'boolean');
}

/** Well-formed text without NUL, at most that many UTF-16 units. */
export function text(description: string, maxLength: number, minLength = 0): Field<string> {
  return plain(
    Type.String({ description, minLength, maxLength }),
    (wire): wire is string =>
      typeof wire === 'string' &&
      wire.length >= minLength &&
      wire.length <= maxLength &&
      wire.isWellFormed() &&
      !wire.includes('\0'),
  );
}

/** Text of which a guard knows the form. @param form.noun what it is called: `object id` */
export function id<T extends string>(
  description: string,
  form: { noun: string; pattern: string; maxLength: number; is: (text: unknown) => text is T },
): Field<T> {
  const { noun, pattern, maxLength, is } = form;
  return plain(Type.String({ description, $comment: noun, pattern, maxLength }), is);
}

export function choice<const T extends string>(description: string, options: readonly T[]): Field<T> {
  const known: ReadonlySet<unknown> = new Set(options);
  return plain(Type.Enum([...options], { description }), (wire): wire is T => known.has(wire));
}

/** Always the same value. */
export function constant<const T extends number>(description: string, value: T): Field<T> {
  return plain(Type.Literal(value, { description }), (wire): wire is T => wire === value);
}

/** Bytes, as a view of those that were read. */
export function bytes(description: string, maximum: number, minimum = 0): Field<Uint8Array> {
  return {
    schema: Type.String({
      description,
      contentEncoding: 'base64url',
      pattern: '^[A-Za-z0-9_-]*$',
      minLength: base64UrlLength(minimum),
      maxLength: base64UrlLength(maximum),
    }),
    read: (wire) =>
      wire instanceof Uint8Array && wire.length >= minimum && wire.length <= maximum ? wire : undefined,
    write: (value) => value,
  };
}

/** A value as registers hold it: at most 4,096 bytes and 32 levels. */
export function value(description: string): Field<Value> {
  return { schema: Type.Unknown({ description }), read: readValue, write: (held) => held };
}

function base64UrlLength(count: number): number {
  return Math.ceil((count * 4) / 3);
}
