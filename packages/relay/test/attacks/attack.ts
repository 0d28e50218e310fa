import { isForPage, keepResult } from '@weft/testing/tried';
import { test } from 'vitest';
import { ATTACK_CASES, type AttackId } from './attack-cases.ts';
import { ATTACKS_PAGE } from './attacks-page.ts';

/** Whether the page is being written: then times have to be those that it promises, not only those of a busy machine. */
export const IS_FOR_PAGE = isForPage(ATTACKS_PAGE);

/** Long enough for a thousand sockets on a machine that does other things too. */
const TIMEOUT_MS = 60_000;

/**
 * One attack: fails where the relay does not answer as its case says.
 *
 * @param run tries it, and says in few words what came of it, with the figures
 */
export function attack(id: AttackId, law: string, run: () => Promise<string>): void {
  const { title, tried } = caseOf(id);
  test(`[${law}] ${title}: ${tried}`, async () => keepResult(ATTACKS_PAGE, id, await run()), TIMEOUT_MS);
}

function caseOf(id: AttackId) {
  const found = ATTACK_CASES.find((each) => each.id === id);
  if (found === undefined) throw new TypeError(`there is no attack ${id}`);
  return found;
}
