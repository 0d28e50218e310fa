import type { Stop, Timers } from '@weft/core';
import type { PresenceState, PresenceUp } from '@weft/protocol';
import type { LanePerson, PresencePort } from '../channel.ts';

/** How often others are shown another state at most. */
export const PRESENCE_MS = 50;

type Listener = (change: { person: LanePerson; state: PresenceState | null }) => void;

/** What this editor shows, again after each reconnection, and what others show. */
export class Presence implements PresencePort {
  readonly #timers: Timers;
  readonly #send: (frame: PresenceUp) => boolean;
  readonly #listeners = new Set<Listener>();
  readonly #failed: (error: unknown) => void;
  #state: PresenceState | null = null;
  #stopPause: Stop | null = null;
  #isChanged = false;

  constructor(options: {
    readonly timers: Timers;
    readonly send: (frame: PresenceUp) => boolean;
    readonly failed: (error: unknown) => void;
  }) {
    this.#timers = options.timers;
    this.#send = options.send;
    this.#failed = options.failed;
  }

  set(state: PresenceState | null): void {
    this.#state = state;
    this.#isChanged = true;
    if (this.#stopPause === null) this.#tell();
  }

  on(listener: Listener): Stop {
    const own: Listener = (change) => listener(change);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** A relay is live that knows nothing of it. */
  again(): void {
    if (this.#state !== null) this.#send({ type: 'presence-up', state: this.#state });
  }

  told(person: LanePerson, state: PresenceState | null): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener({ person, state });
      } catch (error) {
        this.#failed(error);
      }
    }
  }

  close(): void {
    this.#stopPause?.();
    this.#stopPause = null;
    this.#listeners.clear();
  }

  #tell(): void {
    this.#isChanged = false;
    this.#send({ type: 'presence-up', state: this.#state });
    this.#stopPause = this.#timers.after(PRESENCE_MS, () => {
      this.#stopPause = null;
      if (this.#isChanged) this.#tell();
    });
  }
}
