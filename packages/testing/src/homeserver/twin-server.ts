import { parseUserId, type UserId } from '@weft/core';
import { Faults } from './faults.ts';
import { TwinHomeserver } from './twin-homeserver.ts';
import { TwinStore } from './twin-store.ts';

/**
 * A homeserver in memory that answers as Synapse 1.163 does, as far as Weft asks. The clock is the test's, and so are
 * the faults: lost requests, lost answers, limits, gaps, state resolutions.
 */
export class TwinServer extends TwinStore {
  readonly #users = new Map<UserId, TwinHomeserver>();

  /** Signs a user in; the same connection each time. */
  connect(localpart: string): TwinHomeserver {
    const user = parseUserId(`@${localpart}:${this.name}`);
    const known = this.#users.get(user);
    if (known !== undefined) return known;
    const made = new TwinHomeserver(this, user, new Faults());
    this.#users.set(user, made);
    return made;
  }

  /**
   * Signs a user in on another device: a connection of its own, each time.
   *
   * @param clock the device's, in milliseconds since 1970
   */
  connectDevice(localpart: string, clock = () => this.timers.now()): TwinHomeserver {
    return new TwinHomeserver(this, parseUserId(`@${localpart}:${this.name}`), new Faults(), clock);
  }
}
