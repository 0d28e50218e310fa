import { HttpError } from '../server/http-reply.ts';
import type { RateBudget } from '../server/rate-budget.ts';

const SECOND_MS = 1000;

/** A request that is refused costs nothing. @throws HttpError 429 `too-many` */
export function pay(budget: RateBudget, amount = 1): void {
  budget.spend(amount);
  const owedMs = budget.owedMs();
  if (owedMs === 0) return;
  budget.spend(-amount);
  throw tooMany(owedMs);
}

/** What says when to go on. */
export function tooMany(owedMs: number): HttpError {
  const seconds = String(Math.ceil(owedMs / SECOND_MS));
  return new HttpError(429, 'too-many', `Too many requests; go on in ${seconds} s.`, {
    'retry-after': seconds,
  });
}
