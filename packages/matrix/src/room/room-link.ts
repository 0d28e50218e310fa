import type { HomeserverError } from '../errors.ts';
import type { Following, Homeserver, RoomListener, RoomUpdate } from '../homeserver.ts';
import type { RoomId } from '../ids.ts';
import type { RequestOptions } from '../request.ts';
import type { Stop, Timers } from '../timers.ts';
import { Connecting } from './connecting.ts';
import type { JournalPlace } from './journal-update.ts';
import { IDLE_MS, type StateReader } from './state-reader.ts';

export interface RoomLinkPorts {
  readonly homeserver: Pick<Homeserver, 'follow'>;
  readonly room: RoomId;
  readonly timers: Timers;
  /** A fraction in [0, 1), for jitter. */
  readonly fraction: () => number;
  readonly listener: RoomListener;
  readonly stateReader: StateReader;
  /** Resolves when what the listener was told is taken in. */
  readonly idle: () => Promise<void>;
  /** What was missed while the homeserver was away has been taken in. */
  readonly caughtUp: () => void;
  /** The room is followed, and known. */
  readonly connected: (options: RequestOptions) => Promise<void>;
}

/** How long a homeserver that is back may take to show the state of the room, before edits go on without it. */
export const MAX_CATCH_UP_MS = 2 * 60_000;

/** What still has to come in before what is known counts as the present. */
type Behind =
  /** The homeserver is away. */
  | { readonly kind: 'away' }
  /** What it told when it came back is on its way to the journal. */
  | { readonly kind: 'news' }
  /** It left something out: a reading of the state that is asked for from this moment on has to say what. */
  | { readonly kind: 'gap'; readonly sinceMs: number };

/** Follows a room from where it is known, and knows how far that is. */
export class RoomLink {
  readonly #ports: RoomLinkPorts;
  readonly #connecting: Connecting;
  #known: JournalPlace = { token: null, readMs: null };
  #wasComplete = false;
  #isConnected = false;
  #behind: Behind | null = null;
  #gap = false;
  #stopWaiting: Stop = () => {};
  #following: Following | null = null;
  #stopped = false;

  constructor(ports: RoomLinkPorts) {
    this.#ports = ports;
    const { timers, fraction, listener } = ports;
    const failed = (error: HomeserverError) => listener.connection('offline', error);
    this.#connecting = new Connecting({ timers, fraction, connect: () => this.connect({}), failed });
  }

  /** Where to follow on from, and when the whole state was read; both `null` where it was not yet. */
  get known(): JournalPlace {
    return this.#known;
  }

  /** Whether the whole state of the room was read, be it long ago. */
  get isWhole(): boolean {
    return this.#known.readMs !== null;
  }

  /**
   * Whether the room was followed up to now, as far as anybody can tell: what is known is not just what a device had kept,
   * and nothing is missing since the homeserver was away.
   */
  get isCurrent(): boolean {
    return this.#isConnected && this.#behind === null;
  }

  /** Where an update would take what is known. */
  placeOf({ complete, token }: RoomUpdate): JournalPlace {
    if (complete) this.#wasComplete = true;
    return { token, readMs: complete ? Math.floor(this.#ports.timers.now()) : null };
  }

  /** What is known was taken there. */
  reached({ token, readMs }: JournalPlace): void {
    this.#known = { token: token ?? this.#known.token, readMs: readMs ?? this.#known.readMs };
  }

  /** The state was read, or vouched for, as it was after this moment. */
  read(askedAtMs: number): void {
    if (this.#behind?.kind === 'gap' && askedAtMs >= this.#behind.sinceMs) this.#caughtUp();
  }

  /** @throws HomeserverError */
  async connect(options: RequestOptions): Promise<void> {
    const { homeserver, room, timers, stateReader, idle, connected } = this.#ports;
    const { token } = this.#known;
    this.#following?.stop();
    const following = await homeserver.follow(room, this.#listener(), {
      ...options,
      ...(token === null ? {} : { since: token }),
    });
    this.#following = following;
    if (this.#stopped) following.stop();
    // What it told may still be on its way to the journal.
    await idle();
    // Without a complete update, or a place to go on from, what is known may be old.
    const isOld = !following.continued && !this.#wasComplete;
    if (!this.isWhole || isOld) await stateReader.readNow();
    stateReader.start();
    if (timers.now() - (this.#known.readMs ?? 0) > IDLE_MS) stateReader.request();
    this.#isConnected = true;
    await connected(options);
  }

  /** See `Connecting.begin`. */
  connectWithin(patienceMs: number, { signal }: RequestOptions): Promise<void> {
    return this.#connecting.begin(patienceMs, signal);
  }

  #listener(): RoomListener {
    const { listener } = this.#ports;
    return {
      update: (update) => {
        if (update.gap && this.#behind !== null) this.#gap = true;
        listener.update(update);
      },
      connection: (state, reason) => {
        listener.connection(state, reason);
        if (state === 'offline') {
          this.#stopWaiting();
          this.#behind = { kind: 'away' };
        } else if (this.#behind?.kind === 'away') void this.#comeBack();
      },
    };
  }

  /** What it tells now comes in first; where that has a gap, the state says the rest. */
  async #comeBack(): Promise<void> {
    const news: Behind = { kind: 'news' };
    const sinceMs = this.#ports.timers.now();
    this.#behind = news;
    // Some say that they are back just before they tell what they have to tell.
    await Promise.resolve();
    await this.#ports.idle();
    if (this.#behind !== news || this.#stopped) return;
    if (!this.#gap) {
      this.#caughtUp();
      return;
    }
    this.#behind = { kind: 'gap', sinceMs };
    this.#ports.stateReader.request('gap');
    this.#stopWaiting = this.#ports.timers.after(MAX_CATCH_UP_MS, () => this.#caughtUp());
  }

  #caughtUp(): void {
    this.#stopWaiting();
    this.#behind = null;
    this.#gap = false;
    this.#ports.caughtUp();
  }

  stop(): void {
    this.#stopped = true;
    this.#connecting.stop();
    this.#stopWaiting();
    this.#following?.stop();
  }
}
