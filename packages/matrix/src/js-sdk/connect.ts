import type { Network, RandomBytes } from '@weft/core';
import { type MatrixClient, Method } from 'matrix-js-sdk';
import { HomeserverError } from '../errors.ts';
import type { Homeserver } from '../homeserver.ts';
import { stringMember } from '../json.ts';
import type { RequestOptions } from '../request.ts';
import { fraction, systemTimers, type Timers } from '../timers.ts';
import { ClientHomeserver } from './client-homeserver.ts';
import { mapError } from './map-error.ts';
import { ownClient, timeLimit } from './own-client.ts';

/**
 * How to sign in: with an access token, with a password, as the user of an application service with the token of its
 * registration, or through a client that the caller has already.
 */
export type HomeserverLogin =
  | { readonly url: string; readonly token: string }
  | { readonly url: string; readonly user: string; readonly password: string }
  | { readonly url: string; readonly appservice: ServiceLogin }
  | { readonly client: MatrixClient };

export interface ServiceLogin {
  /** `as_token` of the registration. */
  readonly token: string;
  /** A user of its namespace, and not its sender, whom Synapse lets sync nothing; made where there is none. */
  readonly user: string;
  /** The same each time, so that restarts leave no devices behind. */
  readonly device: string;
}

export interface ConnectOptions extends RequestOptions {
  readonly timers?: Timers;
  readonly random?: RandomBytes;
  /** What this device says of its network: a sync is asked for anew when that changes. Default: nothing. */
  readonly network?: Network | undefined;
}

const CONNECT_TIMEOUT_MS = 15_000;
const DEVICE_NAME = 'Weft';

/**
 * Signs in and says who the user is. With a client of the caller's nothing is requested, and nothing of it is ever
 * stopped. Encryption is not started.
 *
 * @throws HomeserverError `unreachable`, `not-a-homeserver`, `unknown-token`, `forbidden` (wrong password)
 */
export async function connectHomeserver(
  login: HomeserverLogin,
  options: ConnectOptions = {},
): Promise<Homeserver> {
  const timers = options.timers ?? systemTimers;
  const random = options.random ?? ((length: number) => crypto.getRandomValues(new Uint8Array(length)));
  const ports = { timers, fraction: () => fraction(random), network: options.network };
  if ('client' in login) return new ClientHomeserver({ client: login.client, syncs: 'itself', ...ports });
  const url = baseUrl(login.url);
  const session = await signedIn(url, login, options);
  return new ClientHomeserver({ client: ownClient({ url, ...session }), syncs: 'by-us', ...ports });
}

interface Session {
  readonly token: string;
  readonly userId: string;
  readonly deviceId: string | null;
  readonly isService?: boolean;
}

function signedIn(
  url: string,
  login: Exclude<HomeserverLogin, { readonly client: MatrixClient }>,
  options: RequestOptions,
): Promise<Session> {
  if ('token' in login) return whoAmI(url, login.token, options);
  return 'appservice' in login ? enlist(url, login.appservice, options) : signIn(url, login, options);
}

async function whoAmI(url: string, token: string, options: RequestOptions): Promise<Session> {
  const answer = await ask(url, 'sign in', token, options, Method.Get, '/account/whoami');
  return session(url, { token, answer });
}

async function signIn(
  url: string,
  login: { readonly user: string; readonly password: string },
  options: RequestOptions,
): Promise<Session> {
  const body = {
    type: 'm.login.password',
    identifier: { type: 'm.id.user', user: login.user },
    password: login.password,
    initial_device_display_name: DEVICE_NAME,
  };
  const answer = await ask(url, `sign in as ${login.user}`, null, options, Method.Post, '/login', body);
  return session(url, { token: stringMember(answer, 'access_token') ?? '', answer });
}

/**
 * The user is made at first. Logging in gives it its device; the service's own token goes on, since what is asked with that
 * is not limited.
 */
async function enlist(
  url: string,
  { token, user, device }: ServiceLogin,
  options: RequestOptions,
): Promise<Session> {
  const type = 'm.login.application_service';
  const what = `sign in as the application service of ${user}`;
  const made = { type, username: user, inhibit_login: true };
  try {
    await ask(url, what, token, options, Method.Post, '/register', made);
  } catch (error) {
    if (!(error instanceof HomeserverError && error.errcode === 'M_USER_IN_USE')) throw error;
  }
  const answer = await ask(url, what, token, options, Method.Post, '/login', {
    type,
    identifier: { type: 'm.id.user', user },
    device_id: device,
    initial_device_display_name: DEVICE_NAME,
  });
  return { ...session(url, { token, answer }), isService: true };
}

function session(url: string, { token, answer }: { token: string; answer: unknown }): Session {
  const userId = stringMember(answer, 'user_id');
  if (userId === null || token === '') throw notAHomeserver(url, 'the answer names no user');
  return { token, userId, deviceId: stringMember(answer, 'device_id') };
}

async function ask(
  url: string,
  what: string,
  token: string | null,
  { signal }: RequestOptions,
  method: Method,
  path: string,
  body?: object,
): Promise<unknown> {
  const client = ownClient({ url, ...(token === null ? {} : { token }) });
  try {
    return await client.http.authedRequest<unknown>(method, path, undefined, body, {
      abortSignal: timeLimit(CONNECT_TIMEOUT_MS, signal),
    });
  } catch (error) {
    // What is not JSON did not come from a homeserver.
    if (error instanceof SyntaxError) throw notAHomeserver(url, 'the answer is not JSON');
    const mapped = mapError(what, error, url);
    if (mapped.code === 'forbidden')
      throw new HomeserverError('forbidden', {
        what,
        got: 'the homeserver refused the name or the password',
        hint: 'Check both; the name is the part between @ and the colon, or the whole user id.',
        by: 'you',
        cause: error,
      });
    if (mapped.code !== 'aborted' || signal?.aborted === true) throw mapped;
    throw new HomeserverError('unreachable', { what, got: `no answer from ${url} in time`, cause: error });
  }
}

function baseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) throw notAHomeserver(text, 'this is no web address');
  return url.href.replace(/\/+$/, '');
}

function notAHomeserver(url: string, got: string): HomeserverError {
  return new HomeserverError('not-a-homeserver', { what: `connect to ${url}`, got });
}
