import type { HttpAnswer } from '@weft/http';

export interface HttpGetOptions {
  readonly signal: AbortSignal;
  /** Further headers of the request. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Asks an address, without credentials and without saying who referred to it. Reaches no private address, unless it was allowed.
 *
 * @throws AssetError `forbidden-address`, `bad-redirect`; whatever else it rejects with means that there was no answer
 */
export type HttpGet = (url: URL, options: HttpGetOptions) => Promise<HttpAnswer>;
