import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { FAILURE_CASES, type FailureId } from './failure-cases.ts';

/** Where results go, for the page; unset, they only have to be as they should. */
export const FAILURES_VARIABLE = 'WEFT_ASSET_RESULTS';

/**
 * One row of docs/assets.md: fails where what comes of it is not what has to.
 *
 * @param run tries it, and says in few words what came of it, with the figures
 */
export function tryFailure(id: FailureId, run: () => Promise<string>): void {
  const found = FAILURE_CASES.find((each) => each.id === id);
  if (found === undefined) throw new TypeError(`there is no case ${id}`);
  test(`${found.source}: ${found.failure}: ${found.target}`, async () => {
    const result = await run();
    const directory = process.env[FAILURES_VARIABLE];
    if (directory === undefined) return;
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, `${id}.json`), JSON.stringify({ id, result }));
  });
}
