import { WeftError, type WeftErrorCode } from '@weft/core';
import { HttpError } from '../server/http-reply.ts';

const STATUS: Readonly<Record<WeftErrorCode, number>> = {
  'invalid-id': 400,
  'invalid-value': 400,
  'invalid-query': 400,
  'bad-file': 400,
  'unknown-object': 404,
  'object-exists': 409,
  cycle: 409,
  superseded: 409,
  held: 409,
  schema: 422,
  rule: 422,
  limit: 422,
  forbidden: 403,
  'read-only': 403,
  'not-kept': 503,
  'no-relay': 503,
  closed: 503,
};

/** What a refused edit or query answers: its code, its sentence, and where it was. */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof WeftError)) return error;
  const { code, message, path, rule, by } = error;
  const where = { ...(path === null ? {} : { path }), ...(rule === null ? {} : { rule }), by };
  return new HttpError(STATUS[code], code, message, {}, where);
}
