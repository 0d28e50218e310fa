/** The answer to one request: its head at once, its body as it comes. */
export interface HttpAnswer {
  readonly status: number;
  /** The media type, as the server says. */
  readonly type: string | null;
  /** What the server announced; `null` where it did not. */
  readonly totalBytes: number | null;
  /** Where the server says it is instead; `null` where it does not, or where the platform has already gone there. */
  readonly location: string | null;
  /** Rejects where the connection is cut before the end. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Lets go of what has not come yet. */
  cancel(): void;
}

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
