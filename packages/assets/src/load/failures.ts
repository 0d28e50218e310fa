import { backoffMs, forgetOldest } from '@weft/core';
import { AssetError, type AssetErrorCode, shownAddress } from '../asset-error.ts';
import { readAddress } from '../reference/address.ts';
import { FIRST_BACKOFF_MS, MAX_BACKOFF_MS, MAX_REMEMBERED_FAILURES, MAX_SERVER_FAILURES } from './limits.ts';

interface Failure {
  readonly error: AssetError;
  /** In a row. */
  readonly times: number;
  readonly untilMs: number;
}

/** Failures that say something about the server, not only about the file. */
const OF_THE_SERVER: ReadonlySet<AssetErrorCode> = new Set(['unreachable', 'timed-out']);
/** What will be the same however often it is asked: it costs nothing to say it again. */
const UNASKED: ReadonlySet<AssetErrorCode> = new Set([
  'unsupported-source',
  'forbidden-address',
  'unreadable',
  'aborted',
]);
const MS_PER_SECOND = 1000;

/** Remembers which addresses and servers failed, so that they are left alone for a while. */
export class Failures {
  readonly #now: () => number;
  readonly #failures = new Map<string, Failure>();

  /** @param now milliseconds since the epoch */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Why an address is not asked now; `null` where it may be. */
  refusal(address: string): AssetError | null {
    const server = serverOf(address);
    const failure =
      this.#current(address, 1) ?? (server === null ? null : this.#current(server, MAX_SERVER_FAILURES));
    if (failure === null) return null;
    const { error, untilMs, times } = failure;
    const seconds = Math.ceil((untilMs - this.#now()) / MS_PER_SECOND);
    return new AssetError(error.code, {
      what: `fetch ${shownAddress(address)}`,
      expected: error.expected,
      got: `${error.got} (${times === 1 ? 'a moment ago' : `${times} times in a row`}; asked again in ${seconds} s)`,
      hint: error.hint,
      cause: error,
    });
  }

  failed(address: string, error: AssetError): void {
    if (UNASKED.has(error.code)) return;
    this.#note(address, error);
    const server = serverOf(address);
    if (server === null) return;
    if (OF_THE_SERVER.has(error.code)) this.#note(server, error);
    // It answered, if not with the file.
    else this.#failures.delete(server);
  }

  succeeded(address: string): void {
    this.#failures.delete(address);
    const server = serverOf(address);
    if (server !== null) this.#failures.delete(server);
  }

  #current(key: string, least: number): Failure | null {
    const failure = this.#failures.get(key);
    return failure !== undefined && failure.times >= least && failure.untilMs > this.#now() ? failure : null;
  }

  #note(key: string, error: AssetError): void {
    const times = (this.#failures.get(key)?.times ?? 0) + 1;
    const waitMs = backoffMs({ firstMs: FIRST_BACKOFF_MS, maxMs: MAX_BACKOFF_MS }, times, 0);
    this.#failures.delete(key);
    this.#failures.set(key, { error, times, untilMs: this.#now() + waitMs });
    forgetOldest(this.#failures, MAX_REMEMBERED_FAILURES);
  }
}

/** What several files have in common; `null` where they have nothing: IPFS has no server, and `data:` needs none. */
function serverOf(text: string): string | null {
  const address = readAddress(text);
  if (address?.scheme === 'https') return address.url.origin;
  return address?.scheme === 'mxc' ? `mxc://${address.server}` : null;
}
