import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { ATTACK_CASES, type AttackId } from './attack-cases.ts';

/** Where results go, for the page; unset, they only have to be as they should. */
export const RESULTS_VARIABLE = 'WEFT_ATTACK_RESULTS';

/** Whether the page is being written: then times have to be those that it promises, not only those of a busy machine. */
export const IS_FOR_PAGE = process.env[RESULTS_VARIABLE] !== undefined;

/** Long enough for a thousand sockets on a machine that does other things too. */
const TIMEOUT_MS = 60_000;

/**
 * One attack: fails where the relay does not answer as its case says.
 *
 * @param run tries it, and says in few words what came of it, with the figures
 */
export function attack(id: AttackId, law: string, run: () => Promise<string>): void {
  const { title, tried } = caseOf(id);
  test(
    `[${law}] ${title}: ${tried}`,
    async () => {
      const result = await run();
      const directory = process.env[RESULTS_VARIABLE];
      if (directory === undefined) return;
      mkdirSync(directory, { recursive: true });
      writeFileSync(join(directory, `${id}.json`), JSON.stringify({ id, result }));
    },
    TIMEOUT_MS,
  );
}

function caseOf(id: AttackId) {
  const found = ATTACK_CASES.find((each) => each.id === id);
  if (found === undefined) throw new TypeError(`there is no attack ${id}`);
  return found;
}
