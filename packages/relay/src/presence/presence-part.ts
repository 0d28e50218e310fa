import type { Stop } from '@weft/core';
import type { PresenceDown, Session, UpFrame } from '@weft/protocol';
import type { LaneHost, LanePart, LanePerson } from '../lane/lane-part.ts';

/** What one editor shows is told to the others at most so often. */
export const PRESENCE_TICK_MS = 50;

type State = NonNullable<PresenceDown['state']>;

/**
 * What editors show of themselves: a selection, a cursor, a colour. There is one state a socket, of which the relay says whose it
 * is, and it goes with the socket: nobody can show anything in another's name, nor invent anybody.
 */
export class PresencePart implements LanePart {
  readonly kind = null;
  readonly takes: ReadonlySet<UpFrame['type']> = new Set(['presence-up']);
  readonly #host: LaneHost;
  readonly #states = new Map<Session, State>();
  /** Whose state the others were not told yet. */
  readonly #changed = new Set<Session>();
  #tick: Stop | null = null;

  constructor(host: LaneHost) {
    this.#host = host;
  }

  /** How many editors show something. */
  get size(): number {
    return this.#states.size;
  }

  load(): void {}

  joined({ session }: LanePerson): void {
    for (const [other, state] of this.#states)
      if (other !== session)
        this.#host.send(session, { type: 'presence-down', session: other, state }, 'fleeting');
  }

  changed(): void {}

  hasAvatar(): boolean {
    return false;
  }

  left({ session }: LanePerson): void {
    this.#states.delete(session);
    // That somebody left, the people tell.
    this.#changed.delete(session);
  }

  receive({ session }: LanePerson, frame: UpFrame): void {
    if (frame.type !== 'presence-up' || this.#host.person(session) === undefined) return;
    if (frame.state === null) this.#states.delete(session);
    else this.#states.set(session, frame.state);
    this.#changed.add(session);
    this.#tick ??= this.#host.timers.after(PRESENCE_TICK_MS, () => this.#tell());
  }

  leased(): void {}

  close(): void {
    this.#tick?.();
    this.#states.clear();
    this.#changed.clear();
  }

  #tell(): void {
    this.#tick = null;
    for (const session of this.#changed) {
      const state = this.#states.get(session) ?? null;
      this.#host.broadcast({ type: 'presence-down', session, state }, 'fleeting', session);
    }
    this.#changed.clear();
  }
}

/** Makes the presence of a room. */
export function presencePart(): (host: LaneHost) => LanePart {
  return (host) => new PresencePart(host);
}
