import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type RelayTransport, readRelayTransport } from '@weft/protocol';
import Type from 'typebox';
import { Value } from 'typebox/value';
import type { Session } from './accounts.ts';
import { matrixRequest } from './matrix-http.ts';
import type { Stack } from './stack.ts';
import { StackError } from './stack-error.ts';

/** Who signs in at the two pages of the studio. */
export type PageName = 'builder' | 'visitor';

/** A homeserver to hold the demo world, local or not, and who signs in there. */
export interface Place {
  readonly homeserver: string;
  readonly builder: Session;
  /** Null where only one token is known. */
  readonly visitor: Session | null;
  /** Where what belongs to this homeserver is remembered. */
  readonly folder: string;
  readonly worldsFile: string;
  /** The relay that worlds made here are to name; `null` where there is none. */
  readonly relay: RelayTransport | null;
}

/** @param relay whether a relay runs beside the homeserver */
export async function localPlace(stack: Stack, relay: boolean): Promise<Place> {
  const [builder, visitor] = await Promise.all([stack.account('builder'), stack.account('visitor')]);
  return {
    homeserver: stack.homeserverUrl,
    builder,
    visitor,
    folder: stack.paths.folder,
    worldsFile: stack.paths.worlds,
    relay: relay ? readRelayTransport(stack.relay.transport) : null,
  };
}

const WhoAmI = Type.Object({ user_id: Type.String(), device_id: Type.String() });
const FOLDER_NAME_CHARACTERS = 16;

/**
 * A homeserver that somebody else runs.
 * @throws StackError `account` when it does not answer or does not know a token.
 */
export async function remotePlace(
  directory: string,
  homeserver: string,
  tokens: { readonly builder: string; readonly visitor: string | null },
): Promise<Place> {
  const url = homeserver.replace(/\/+$/, '');
  const builder = await whoAmI(url, tokens.builder);
  const visitor = tokens.visitor === null ? null : await whoAmI(url, tokens.visitor);
  // Worlds are remembered by user too: another one may not see them.
  const key = createHash('sha256')
    .update(`${url} ${builder.userId}`)
    .digest('hex')
    .slice(0, FOLDER_NAME_CHARACTERS);
  const folder = join(directory, 'servers', key);
  await mkdir(folder, { recursive: true });
  return { homeserver: url, builder, visitor, folder, worldsFile: join(folder, 'worlds.json'), relay: null };
}

async function whoAmI(homeserver: string, token: string): Promise<Session> {
  const reply = await matrixRequest(homeserver, 'GET', '/_matrix/client/v3/account/whoami', { token });
  if (reply.status === 200 && Value.Check(WhoAmI, reply.body)) {
    return { userId: reply.body.user_id, deviceId: reply.body.device_id, token };
  }
  throw new StackError('account', {
    what:
      reply.status === 401
        ? `${homeserver} does not know this access token.`
        : `${homeserver} does not answer as a Matrix homeserver does (status ${reply.status}).`,
    hint:
      reply.status === 401
        ? 'Sign in there again (in Element: Settings, Help & About, Access Token) and pass the new one.'
        : 'Check the address: it is the one of the client-server API, such as https://matrix.example.org.',
  });
}
