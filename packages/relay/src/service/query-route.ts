import { type ObjectQuery, query } from '@weft/core';
import { objectJson } from './object-json.ts';
import { checkRequest } from './read-request.ts';
import { QueryRequest } from './schemas.ts';
import type { ServedWorld } from './served-world.ts';
import type { ServiceLimits } from './service-limits.ts';

/**
 * Answers a query. What it may cost and find is bounded.
 *
 * @throws WeftError `invalid-query`, `limit`; HttpError for a body that is none
 */
export function answerQuery({ world }: ServedWorld, body: unknown, limits: ServiceLimits): object {
  const { explain = false, ...what } = checkRequest(QueryRequest, body);
  const result = query(world.replica.scene, bounded(what, limits.queryResults), {
    maxCost: limits.queryCost,
  });
  const { count, next } = result;
  // `fields` were checked by the query.
  const found = 'fields' in what ? { rows: result.rows } : { objects: result.objects.map(objectJson) };
  return {
    count,
    next,
    ...('count' in what && what.count === true ? {} : found),
    ...(explain ? { plan: result.explain() } : {}),
  };
}

/** Asks for no more than an answer may hold; what is no query at all is left for the checker to say. */
export function bounded(what: ObjectQuery, most: number): ObjectQuery {
  const { limit = most } = what;
  return typeof limit === 'number' && limit > most ? { ...what, limit: most } : { ...what, limit };
}
