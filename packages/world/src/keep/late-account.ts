import { connectHomeserver, type Homeserver, LateHomeserver } from '@weft/matrix';
import type { StorePlace } from '@weft/store';
import { homeserverLogin, type WorldLogin } from '../login.ts';
import type { Platform } from '../platform.ts';
import { type AccountNote, recallAccount } from './account-note.ts';

/**
 * Signs in. An account that this device knows is signed in to when the homeserver answers.
 *
 * @throws HomeserverError as `connectHomeserver` does, where the account is not known
 */
export async function signIn(
  login: WorldLogin,
  place: StorePlace | null,
  { timers, network }: Platform,
  signal: AbortSignal | undefined,
): Promise<Homeserver> {
  const options = { timers, network, ...(signal === undefined ? {} : { signal }) };
  const known = place === null ? null : await recallAccount(place, login);
  if (known === null || 'client' in login) return connectHomeserver(homeserverLogin(login), options);
  return lateAccount(known, login.homeserver, () =>
    connectHomeserver(homeserverLogin(login), { timers, network }),
  );
}

export function lateAccount(
  { userId, offsetMs }: AccountNote,
  url: string,
  connect: () => Promise<Homeserver>,
): Homeserver {
  return new LateHomeserver({ userId, url, offsetMs, connect });
}
