/** Which web pages may use the relay, by their origin (RFC 6454). Programs that are no browser send none. */
export class Origins {
  readonly #allowed: ReadonlySet<string>;

  constructor(allowed: readonly string[]) {
    this.#allowed = new Set(allowed.map((origin) => origin.toLowerCase()));
  }

  allows(origin: string | undefined): boolean {
    return origin === undefined || this.#allowed.has('*') || this.#allowed.has(origin.toLowerCase());
  }

  /** The headers by which a browser lets a page read an answer (Fetch, CORS protocol); none for a page that may not. */
  headersFor(origin: string | undefined): Readonly<Record<string, string>> {
    if (origin === undefined || !this.allows(origin)) return { vary: 'Origin' };
    return { vary: 'Origin', 'access-control-allow-origin': this.#allowed.has('*') ? '*' : origin };
  }
}

/** What a browser asks before it sends a token along. Nothing here ever goes by cookies. */
export const PREFLIGHT_HEADERS = {
  'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE',
  'access-control-allow-headers': 'authorization, content-type',
  'access-control-max-age': '3600',
} as const;
