import type { HomeserverError } from '../errors.ts';
import type { Following, Homeserver, RoomListener, RoomUpdate } from '../homeserver.ts';
import type { RoomId } from '../ids.ts';
import type { RequestOptions } from '../request.ts';
import type { Timers } from '../timers.ts';
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
  /** The room is followed, and known. */
  readonly connected: (options: RequestOptions) => Promise<void>;
}

/** Follows a room from where it is known, and knows how far that is. */
export class RoomLink {
  readonly #ports: RoomLinkPorts;
  readonly #connecting: Connecting;
  #known: JournalPlace = { token: null, readMs: null };
  #wasComplete = false;
  #isCurrent = false;
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

  /** Whether the room was followed up to now, be it a while ago: what is known is not just what a device had kept. */
  get isCurrent(): boolean {
    return this.#isCurrent;
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

  /** @throws HomeserverError */
  async connect(options: RequestOptions): Promise<void> {
    const { homeserver, room, timers, listener, stateReader, idle, connected } = this.#ports;
    const { token } = this.#known;
    this.#following?.stop();
    const following = await homeserver.follow(room, listener, {
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
    this.#isCurrent = true;
    await connected(options);
  }

  /** See `Connecting.begin`. */
  connectWithin(patienceMs: number, { signal }: RequestOptions): Promise<void> {
    return this.#connecting.begin(patienceMs, signal);
  }

  stop(): void {
    this.#stopped = true;
    this.#connecting.stop();
    this.#following?.stop();
  }
}
