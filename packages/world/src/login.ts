import type { HomeserverLogin } from '@weft/matrix';

type Client = Extract<HomeserverLogin, { client: unknown }>;

/**
 * How to sign in: with an access token, with a password, or through a matrix-js-sdk client that is already syncing
 * (it is used as it is, and goes on when the world is closed).
 */
export type WorldLogin =
  | { readonly homeserver: string; readonly token: string }
  | { readonly homeserver: string; readonly user: string; readonly password: string }
  | Client;

export function homeserverLogin(login: WorldLogin): HomeserverLogin {
  if ('client' in login) return login;
  const { homeserver: url } = login;
  return 'token' in login ? { url, token: login.token } : { url, user: login.user, password: login.password };
}
