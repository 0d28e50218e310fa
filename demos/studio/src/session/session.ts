/** How to get into a world with an access token that exists already. */
export interface TokenSession {
  readonly kind: 'token';
  readonly homeserver: string;
  readonly token: string;
  readonly world: string;
}

/** What the sign-in form asks for; the password is never stored. */
export interface PasswordSession {
  readonly kind: 'password';
  readonly homeserver: string;
  readonly user: string;
  readonly password: string;
  readonly world: string;
}

export type Session = TokenSession | PasswordSession;

/** What finding a session needs of the page; a test hands in its own. */
export interface Page {
  readonly path: string;
  readonly fragment: string;
  readonly store: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  fetchJson(path: string): Promise<unknown>;
  /** Takes the fragment out of the address, so that a copied link gives no token away. */
  stripFragment(): void;
}

const STORE_KEY = 'weft.session';
const ACCOUNT = /^\/([a-z0-9][a-z0-9._-]{0,63})\/?$/;

/**
 * Looks for a session: in the address, in this tab's storage, at `/session/<name>.json` for a page called
 * `/<name>`. `null` where there is none and the form has to ask.
 */
export async function findSession(page: Page): Promise<TokenSession | null> {
  const given = sessionOfFragment(page.fragment);
  if (given !== null) {
    page.store.setItem(STORE_KEY, JSON.stringify(given));
    page.stripFragment();
    return given;
  }
  const [, account] = ACCOUNT.exec(page.path) ?? [];
  if (account !== undefined) {
    const served = readSession(await page.fetchJson(`/session/${account}.json`).catch(() => null));
    if (served !== null) return served;
  }
  return readSession(parseJson(page.store.getItem(STORE_KEY)));
}

/** Forgets the session of this tab, so that the form asks again. */
export function forgetSession(page: Pick<Page, 'store'>): void {
  page.store.removeItem(STORE_KEY);
}

/** `#homeserver=...&token=...&world=...`; `null` unless all three are there. */
export function sessionOfFragment(fragment: string): TokenSession | null {
  return readSession(Object.fromEntries(new URLSearchParams(fragment.replace(/^#/, ''))));
}

/** A session from JSON of unknown origin; what else it holds is ignored. */
export function readSession(json: unknown): TokenSession | null {
  if (typeof json !== 'object' || json === null) return null;
  const { homeserver, token, world } = { homeserver: null, token: null, world: null, ...json };
  if (!isText(homeserver) || !isText(token) || !isText(world) || !isWebAddress(homeserver)) return null;
  return { kind: 'token', homeserver, token, world };
}

export function isWebAddress(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? '');
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function parseJson(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
