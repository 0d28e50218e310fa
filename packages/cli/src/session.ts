import type { Surroundings } from './command.ts';
import { CommandError, UsageError } from './failure.ts';
import { text } from './options.ts';
import { findLocalSession } from './stack/local-stack.ts';
import { DEFAULT_INSTANCE, instancePaths } from './stack/paths.ts';
import { readWorlds } from './stack/worlds-file.ts';

/** How a command says who it is; the same for all that talk to a homeserver. */
export const loginOptions = {
  as: text('account', 'act as this account of the local stack: builder (the default), visitor, …'),
  homeserver: text('url', 'use this homeserver instead of the local stack (or WEFT_HOMESERVER)'),
  token: text('token', 'the access token for it (better: WEFT_TOKEN, which other users cannot see)'),
};

/** The same, for commands that work in one world. */
export const worldOptions = {
  world: text(
    'world',
    'room id, #alias:server, matrix: link, or a name that "ls --worlds" shows (or WEFT_WORLD)',
  ),
  ...loginOptions,
};

export interface LoginFlags {
  readonly as: string | undefined;
  readonly homeserver: string | undefined;
  readonly token: string | undefined;
}

export interface WorldFlags extends LoginFlags {
  readonly world: string | undefined;
}

/** Where to sign in, and with what. */
export interface Login {
  readonly homeserver: string;
  readonly token: string;
  /** Worlds by the names that the local stack knows them under; empty elsewhere. */
  readonly worlds: Readonly<Record<string, string>>;
  /** What to use where nobody names a world. */
  readonly defaultWorld: string | null;
  /** Where to remember a new world by name; `null` elsewhere than on the local stack. */
  readonly worldsFile: string | null;
}

/**
 * Flags win over the environment, the environment over the local stack that runs right now.
 * @throws UsageError, CommandError `no-homeserver`, StackError `account`
 */
export async function resolveLogin(flags: LoginFlags, surroundings: Surroundings): Promise<Login> {
  const { environment, weftDirectory } = surroundings;
  if (flags.as !== undefined && (flags.homeserver !== undefined || flags.token !== undefined)) {
    throw new UsageError('--as names an account of the local stack: give it, or --homeserver and --token.');
  }
  const homeserver = flags.homeserver ?? presentText(environment.WEFT_HOMESERVER);
  const token = flags.token ?? presentText(environment.WEFT_TOKEN);
  if (flags.as === undefined && (homeserver !== undefined || token !== undefined)) {
    return remoteLogin(homeserver, token);
  }
  const local = await findLocalSession(weftDirectory, flags.as === undefined ? {} : { account: flags.as });
  if (local === null) throw new CommandError('no-homeserver', NO_HOMESERVER);
  const { worlds: worldsFile } = instancePaths(weftDirectory, DEFAULT_INSTANCE);
  return {
    homeserver: local.homeserver,
    token: local.token,
    worlds: await readWorlds(worldsFile),
    defaultWorld: local.world,
    worldsFile,
  };
}

/** @throws UsageError */
export function resolveWorld(flags: WorldFlags, login: Login, { environment }: Surroundings): string {
  const named = flags.world ?? presentText(environment.WEFT_WORLD);
  if (named === undefined) {
    if (login.defaultWorld !== null) return login.defaultWorld;
    throw new UsageError('Which world? Give --world (or set WEFT_WORLD), or make one with "new".');
  }
  const known = Object.hasOwn(login.worlds, named) ? login.worlds[named] : undefined;
  return known ?? named;
}

const NO_HOMESERVER =
  'No homeserver is named, and the local stack is not running. Start it with "npm run -s weft -- up", ' +
  'or give --homeserver and --token.';

function remoteLogin(homeserver: string | undefined, token: string | undefined): Login {
  if (homeserver === undefined) {
    throw new UsageError('A token is given and no homeserver. Give --homeserver (or WEFT_HOMESERVER) too.');
  }
  if (token === undefined) {
    throw new UsageError(`An access token for ${homeserver} is missing. Set WEFT_TOKEN, or give --token.`);
  }
  return { homeserver, token, worlds: {}, defaultWorld: null, worldsFile: null };
}

function presentText(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim();
}
