import type { Timers } from '@weft/core';
import { AssetError } from '../asset-error.ts';
import type { FileToStore } from '../source/asset-source.ts';
import { Deadline } from './deadline.ts';
import type { Block, ImportedFile } from './import-file.ts';
import type { BlockHost } from './ipfs-sink.ts';

/** `fetch`, as far as a relay is sent files by it. */
export type SendRequest = (
  url: string,
  init: {
    readonly method: 'PUT';
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Uint8Array<ArrayBuffer> | string;
    readonly signal: AbortSignal;
    readonly credentials: 'omit';
    readonly redirect: 'error';
  },
) => Promise<Response>;

export interface RelayHostOptions {
  /** The relay over HTTP, such as `https://relay.example.org`; nothing but the world’s relays is ever given its token. */
  readonly base: string;
  readonly room: string;
  /**
   * The token of a service session with that relay, for that room.
   *
   * @param refused the one that the relay took no more; another one is wanted
   */
  readonly token: (signal: AbortSignal, refused: string | null) => Promise<string>;
  readonly fetch: SendRequest;
  readonly timers: Timers;
}

const PARALLEL_UPLOADS = 4;
/** How long one block may take on its way, in milliseconds. */
const UPLOAD_DEADLINE_MS = 30_000;
/** How often a relay that is busy is asked again about one block. */
const MAX_BUSY_ANSWERS = 20;
const MAX_WAIT_MS = 30_000;
const SECOND_MS = 1000;

/** Publishes files at a relay: block by block, and then the relay is told that they are a file. */
export class RelayHost implements BlockHost {
  readonly name: string;
  readonly #options: RelayHostOptions;
  #token: string | null = null;

  constructor(options: RelayHostOptions) {
    this.#options = options;
    this.name = options.base;
  }

  async publish({ root, blocks }: ImportedFile, { name, type, signal, onSent }: FileToStore): Promise<void> {
    let sent = 0;
    for (let at = 0; at < blocks.length; at += PARALLEL_UPLOADS) {
      const some = blocks.slice(at, at + PARALLEL_UPLOADS);
      await this.#putAll(some, signal);
      sent += some.reduce((sum, { bytes }) => sum + bytes.length, 0);
      onSent?.(sent);
    }
    const about = JSON.stringify({ name, type });
    await this.#send(`files/${root}`, about, 'application/json', signal);
  }

  async #putAll(blocks: readonly Block[], signal: AbortSignal): Promise<void> {
    await Promise.all(
      blocks.map(({ cid, bytes }) =>
        this.#send(`blocks/${cid}`, new Uint8Array(bytes), 'application/vnd.ipld.raw', signal),
      ),
    );
  }

  async #send(
    path: string,
    body: Uint8Array<ArrayBuffer> | string,
    type: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { base, room, timers } = this.#options;
    const url = `${base}/v1/worlds/${encodeURIComponent(room)}/${path}`;
    const what = `publish to ${base}`;
    let hasRenewed = false;
    for (let busy = 0; ; ) {
      const deadline = new Deadline(timers, UPLOAD_DEADLINE_MS, signal);
      try {
        this.#token ??= await this.#options.token(deadline.signal, null);
        const token = this.#token;
        const response = await this.#options.fetch(url, {
          method: 'PUT',
          headers: { authorization: `Bearer ${token}`, 'content-type': type },
          body,
          signal: deadline.signal,
          credentials: 'omit',
          redirect: 'error',
        });
        if (response.ok) {
          await response.body?.cancel();
          return;
        }
        const reason = await reasonOf(response);
        if (response.status === 401 && !hasRenewed) {
          hasRenewed = true;
          // Another block may have asked already.
          if (this.#token === token) this.#token = await this.#options.token(deadline.signal, token);
        } else if (response.status === 429 && busy < MAX_BUSY_ANSWERS) {
          busy += 1;
          await deadline.wait(waitOf(response));
        } else throw refusal(what, response.status, reason);
      } catch (error) {
        throw deadline.errorOf(error, what);
      } finally {
        deadline.stop();
      }
    }
  }
}

function waitOf({ headers }: Response): number {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return seconds >= 0 ? Math.min(seconds * SECOND_MS, MAX_WAIT_MS) : SECOND_MS;
}

/** What a relay says in words; its status where it says none. */
async function reasonOf(response: Response): Promise<string> {
  try {
    const answer: unknown = await response.json();
    const error = typeof answer === 'object' && answer !== null && 'error' in answer ? answer.error : null;
    if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  } catch {
    // A proxy in front of it may answer anything.
  }
  return `HTTP ${response.status}`;
}

function refusal(what: string, status: number, reason: string): AssetError {
  const details = { what, expected: 'a relay that takes it', got: reason };
  if (status === 401 || status === 403)
    return new AssetError('denied', {
      ...details,
      hint: 'Ask a steward of the world to make you a builder.',
    });
  if (status === 413 || status === 507)
    return new AssetError('too-large', {
      ...details,
      hint: 'Publish a smaller file, or have a steward remove others from the relay.',
    });
  if (status === 404 || status === 405)
    return new AssetError('unsupported-source', {
      ...details,
      hint: 'This relay keeps no files; use another.',
    });
  return new AssetError('unreachable', { ...details, hint: 'Try again in a moment.' });
}
