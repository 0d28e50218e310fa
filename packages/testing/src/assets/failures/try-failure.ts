import { test } from 'vitest';
import { keepResult } from '../../tried/results.ts';
import { FAILURE_CASES, type FailureId } from './failure-cases.ts';
import { FAILURES_PAGE } from './failures-page.ts';

/**
 * One row of docs/assets.md: fails where what comes of it is not what has to.
 *
 * @param run tries it, and says in few words what came of it, with the figures
 */
export function tryFailure(id: FailureId, run: () => Promise<string>): void {
  const found = FAILURE_CASES.find((each) => each.id === id);
  if (found === undefined) throw new TypeError(`there is no case ${id}`);
  test(`${found.source}: ${found.failure}: ${found.target}`, async () =>
    keepResult(FAILURES_PAGE, id, await run()));
}
