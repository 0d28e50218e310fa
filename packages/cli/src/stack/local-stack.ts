import { existsSync } from 'node:fs';
import { readAccounts } from './accounts.ts';
import { DEFAULT_INSTANCE, instancePaths } from './paths.ts';
import { readRunning } from './running.ts';
import { StackError } from './stack-error.ts';
import { readWorlds } from './worlds-file.ts';

/** The world that `start` and `up` make. */
export const DEMO_WORLD = 'plaza';

/** How another process on this machine signs in to the running local stack. */
export interface LocalSession {
  readonly homeserver: string;
  readonly userId: string;
  readonly token: string;
  readonly deviceId: string;
  /** The demo world's room id; null while there is none. */
  readonly world: string | null;
}

/**
 * A session at the local stack that runs right now, or null when none runs.
 * @param account Default `'builder'`.
 * @throws StackError `account` when it runs and has no such account.
 */
export async function findLocalSession(
  directory: string,
  options: { readonly account?: string; readonly instance?: string } = {},
): Promise<LocalSession | null> {
  const paths = instancePaths(directory, options.instance ?? DEFAULT_INSTANCE);
  if (!existsSync(paths.running)) return null;
  const running = await readRunning(paths.running);
  if (running === null || running.homeserver === '') return null;
  const name = options.account ?? 'builder';
  const accounts = await readAccounts(paths.accounts);
  const session = accounts[name];
  if (session === undefined) {
    const known = Object.keys(accounts).join(', ');
    throw new StackError('account', {
      what: `The local stack has no account "${name}".`,
      hint: known === '' ? 'It is still starting: try again in a moment.' : `It has: ${known}.`,
    });
  }
  const world = (await readWorlds(paths.worlds))[DEMO_WORLD] ?? null;
  return { homeserver: running.homeserver, ...session, world };
}
