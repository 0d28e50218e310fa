import type { Timers, UserId } from '@weft/core';
import { type RelayTransport, readRelayTransports } from '@weft/protocol';
import type { RequestOptions } from '../request.ts';
import type { RtcServer } from '../rtc-server.ts';

export interface RelayDiscoveryOptions {
  readonly rtc: Pick<RtcServer, 'transports' | 'wellKnownTransports'>;
  /** The relays that the world names. */
  readonly pinned: () => readonly RelayTransport[];
  /** Who is in the room. */
  readonly joined: () => ReadonlySet<UserId>;
  /** The relays that whoever runs this client names. */
  readonly configured: readonly RelayTransport[];
  readonly timers: Timers;
}

/** For how long it is believed what the homeserver offers, in milliseconds. */
export const OFFER_KEPT_MS = 600_000;

/** Which relays this client may use: those of the world, of its homeserver, and of its own configuration, in this order. */
export class RelayDiscovery {
  readonly #options: RelayDiscoveryOptions;
  #offer: { readonly relays: readonly RelayTransport[]; readonly atMs: number } | null = null;

  constructor(options: RelayDiscoveryOptions) {
    this.#options = options;
  }

  /** Those that were found at last, without asking; the world's are of now. */
  known(): readonly RelayTransport[] {
    return this.#counted(this.#offer?.relays ?? []);
  }

  /**
   * Only those whose user is in the room.
   * @throws HomeserverError where the homeserver could not be asked, and none is known otherwise
   */
  async candidates(options: RequestOptions): Promise<readonly RelayTransport[]> {
    const { timers } = this.#options;
    if (this.#offer !== null && timers.now() - this.#offer.atMs < OFFER_KEPT_MS) return this.known();
    try {
      this.#offer = { relays: await this.#ask(options), atMs: timers.now() };
    } catch (error) {
      options.signal?.throwIfAborted();
      const known = this.known();
      if (known.length === 0) throw error;
      return known;
    }
    return this.known();
  }

  // What is deployed without the endpoint names them in the well-known file.
  async #ask(options: RequestOptions): Promise<readonly RelayTransport[]> {
    const { rtc } = this.#options;
    const offered = readRelayTransports(await rtc.transports(options));
    return offered.length > 0 ? offered : readRelayTransports(await rtc.wellKnownTransports(options));
  }

  #counted(offered: readonly RelayTransport[]): readonly RelayTransport[] {
    const { pinned, configured, joined } = this.#options;
    const inside = joined();
    const all = readRelayTransports([...pinned(), ...offered, ...configured]);
    return all.filter(({ user_id: user }) => inside.has(user));
  }
}
