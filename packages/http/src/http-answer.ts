/** The answer to one request: its head at once, its body as it comes. */
export interface HttpAnswer {
  readonly status: number;
  /** The media type, as the server says. */
  readonly type: string | null;
  /** How the body is packed, where it is and comes as it was sent; `null` where it is plain, or was unpacked on the way. */
  readonly packing: string | null;
  /** What the server announced, in bytes; `null` where it did not. */
  readonly totalBytes: number | null;
  /** Where the server says it is instead; `null` where it does not, or where the platform has already gone there. */
  readonly location: string | null;
  /**
   * Lets the body come. Called once at most; nothing is read before.
   *
   * @param take told each piece in order. It belongs to the connection: what is wanted of it is copied at once. What it throws
   * ends the request.
   * @returns when all has come. Rejects where the connection is cut before the end, with the reason of the signal, and with what
   * `take` threw.
   */
  receive(take: (piece: Uint8Array) => void): Promise<void>;
  /** Lets go of what has not come yet. */
  cancel(): void;
}

export interface AskOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}
