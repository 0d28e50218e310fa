import type Type from 'typebox';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { HttpError } from '../server/http-reply.ts';

/** @throws HttpError 400 `bad-request` with the first place that is wrong */
export function checkRequest<Schema extends TSchema>(schema: Schema, body: unknown): Type.Static<Schema> {
  if (Value.Check(schema, body)) return body;
  const [first] = Value.Errors(schema, body);
  const where =
    first?.instancePath === undefined || first.instancePath === '' ? 'the body' : first.instancePath;
  throw new HttpError(
    400,
    'bad-request',
    `The request does not fit: ${where} ${first?.message ?? 'is wrong'}. The relay's openapi.json says what is expected.`,
  );
}
