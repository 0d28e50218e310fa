import type { Timers } from '@weft/core';
import type { RateBudget } from '../server/rate-budget.ts';
import { tooMany } from '../service/pay.ts';
import { MAX_PACE_MS } from './file-limits.ts';

/**
 * Waits until this much may be given. Whoever would wait long is refused instead, which costs nothing: IPFS nodes give up a
 * gateway that refuses twice, and wait for one that is slow.
 *
 * @throws HttpError 429 `too-many`
 */
export async function takeTurn(budget: RateBudget, timers: Timers, bytes: number): Promise<void> {
  budget.spend(bytes);
  const owedMs = budget.owedMs();
  if (owedMs > MAX_PACE_MS) {
    budget.spend(-bytes);
    throw tooMany(owedMs);
  }
  await pause(timers, owedMs);
}

export function pause(timers: Timers, ms: number): Promise<void> {
  return ms === 0 ? Promise.resolve() : new Promise((resolve) => void timers.after(ms, resolve));
}
