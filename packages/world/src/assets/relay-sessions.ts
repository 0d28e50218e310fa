import { AssetError } from '@weft/assets';
import type { RelayTransport } from '@weft/protocol';
import { httpUrlOf, type RelayAccess } from './relay-access.ts';

/** Sessions with the services of relays, one each, opened when they are first needed. */
export class RelaySessions {
  readonly #relays: RelayAccess;
  readonly #tokens = new Map<string, Promise<string>>();

  constructor(relays: RelayAccess) {
    this.#relays = relays;
  }

  /**
   * The token of the session with a relay.
   *
   * @param refused one that the relay takes no more; another session is opened
   * @throws AssetError where it lets this user in no more, or does not answer
   */
  async token(relay: RelayTransport, signal: AbortSignal, refused: string | null): Promise<string> {
    const known = this.#tokens.get(relay.url);
    if (known !== undefined && (refused === null || (await known.catch(() => null)) !== refused))
      return known;
    const opened = this.#open(relay, signal);
    this.#tokens.set(relay.url, opened);
    // The next one tries anew.
    opened.catch(() => {
      if (this.#tokens.get(relay.url) === opened) this.#tokens.delete(relay.url);
    });
    return opened;
  }

  async #open(relay: RelayTransport, signal: AbortSignal): Promise<string> {
    const { ticket } = await this.#relays.requestServiceTicket(relay, signal);
    const response = await fetch(`${httpUrlOf(relay)}/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ticket }),
      ...{ signal, credentials: 'omit', redirect: 'error' },
    });
    const answer: unknown = await response.json().catch(() => null);
    const token = typeof answer === 'object' && answer !== null && 'token' in answer ? answer.token : null;
    if (response.ok && typeof token === 'string') return token;
    throw new AssetError('denied', {
      what: `open a session with ${relay.url}`,
      expected: 'a token for its services',
      got: `HTTP ${response.status}`,
      hint: 'Ask a steward of the world whether you may publish there.',
    });
  }
}
