import { type Backoff, backoffMs, type Stop, type Timers } from '@weft/core';
import type { LaneMember } from '@weft/protocol';
import { HomeserverError } from '../errors.ts';
import type { Homeserver } from '../homeserver.ts';
import type { RoomId } from '../ids.ts';
import type { RoomEvent } from '../room-event.ts';
import { type MemberWay, stateWay, stickyWay } from './member-way.ts';
import { ServersTold } from './servers-told.ts';

export interface MemberPublicationOptions {
  readonly homeserver: Pick<Homeserver, 'userId' | 'deviceId' | 'rtc' | 'sendState' | 'serverOffsetMs'>;
  readonly room: RoomId;
  /** The members that the room's state holds, of everybody. */
  readonly stated: () => readonly RoomEvent[];
  /** The homeservers of those in the room. */
  readonly servers: () => ReadonlySet<string>;
  /** Whether this client is the one to say again, for servers that came later, what others could say as well. */
  readonly speaks: (member: LaneMember) => boolean;
  readonly timers: Timers;
  /** A fraction in [0, 1), for jitter. */
  readonly fraction: () => number;
}

/** When the homeserver writes that this client left, unless it hears of it: the dead man's switch, in milliseconds. */
export const LEAVE_DELAY_MS = 45_000;
/** How often it hears of it, in milliseconds. */
export const LEAVE_RESTART_MS = 15_000;
/** How old a publication is when it is made anew: three quarters of how long it counts; milliseconds. */
export const PUBLICATION_REFRESH_MS = 2_700_000;
/** The least between two publications that are made for servers which came into the room; milliseconds. */
export const NEW_SERVER_REPEAT_MS = 60_000;
/** Within which several clients each pick a moment of theirs for that, in milliseconds. */
export const NEW_SERVER_SPREAD_MS = 5_000;

const RETRY: Backoff = { firstMs: 1000, maxMs: 60_000 };

interface Written {
  readonly member: LaneMember;
  readonly atMs: number;
}

/** Says in the room that this client is on a lane, keeps that fresh, and sees to it that it ends with this client. */
export class MemberPublication {
  readonly #options: MemberPublicationOptions;
  #wanted: LaneMember | null = null;
  #written: Written | null = null;
  /** Names what the homeserver is to write when this client is gone. */
  #leave: string | null = null;
  #failures = 0;
  #ways: { readonly way: MemberWay; readonly delayed: boolean } | null = null;
  #running: Promise<void> = Promise.resolve();
  readonly #told = new ServersTold();
  #stopTimer: Stop = () => undefined;
  #stopRepeat: Stop | null = null;
  #repeatedAtMs = Number.NEGATIVE_INFINITY;
  #stopped = false;

  constructor(options: MemberPublicationOptions) {
    this.#options = options;
  }

  /**
   * Publishes the member, or with `null` that it left. One write is on its way at a time, and the newest wish counts. What
   * can succeed later is tried again by itself.
   *
   * @throws HomeserverError where the first attempt failed
   */
  announce(member: LaneMember | null): Promise<void> {
    this.#wanted = member;
    this.#failures = 0;
    return this.#run();
  }

  /**
   * The room holds other members than before: another window of this device may have taken the place of this one, and
   * who is of a server that came in later was not told of it.
   */
  review(): void {
    const way = this.#ways?.way;
    const wanted = this.#wanted;
    if (this.#stopped || wanted === null || way === undefined) return;
    const { servers, speaks } = this.#options;
    if (way.isOverwritten()) this.#go();
    else if (!way.isKept && this.#told.lacksSome(servers()) && speaks(wanted)) this.#repeatSoon();
  }

  /** Nothing is written any more; the dead man's switch says that this client left, where the homeserver has one. */
  stop(): void {
    this.#stopped = true;
    this.#stopTimer();
    this.#stopRepeat?.();
  }

  #repeatSoon(): void {
    const written = this.#written;
    if (this.#stopRepeat !== null || written === null) return;
    const { timers, fraction } = this.#options;
    const restMs = Math.max(0, this.#repeatedAtMs + NEW_SERVER_REPEAT_MS - timers.now());
    this.#stopRepeat = timers.after(restMs + Math.round(fraction() * NEW_SERVER_SPREAD_MS), () => {
      this.#stopRepeat = null;
      this.#repeatedAtMs = timers.now();
      // Whatever was said since has told them.
      if (this.#written === written) this.#written = { ...written, atMs: Number.NEGATIVE_INFINITY };
      this.#go();
    });
  }

  // Nobody waits for these: what fails is tried again, and a newer announcement takes its place.
  #go(): void {
    void this.#run().catch(() => undefined);
  }

  #run(): Promise<void> {
    this.#stopTimer();
    this.#running = this.#running.then(
      () => this.#attempt(),
      () => this.#attempt(),
    );
    return this.#running;
  }

  async #attempt(): Promise<void> {
    if (this.#stopped) return;
    try {
      await this.#settle();
      this.#failures = 0;
      this.#schedule(this.#nextMs());
    } catch (error) {
      this.#failures += 1;
      if (error instanceof HomeserverError && error.retry)
        this.#schedule(error.retryAfterMs ?? backoffMs(RETRY, this.#failures, this.#options.fraction()));
      throw error;
    }
  }

  /** Brings the room to what is wanted. */
  async #settle(): Promise<void> {
    const { timers } = this.#options;
    const { way, delayed } = await this.#way();
    const wanted = this.#wanted;
    if (wanted === null) {
      if (this.#written !== null) await way.withdraw(this.#written.member.memberId);
      this.#written = null;
      if (this.#leave !== null) await this.#options.homeserver.rtc.cancelDelayed(this.#leave);
      this.#leave = null;
      return;
    }
    if (way.isOverwritten()) {
      // It would take out the other one.
      if (this.#leave !== null) await this.#options.homeserver.rtc.cancelDelayed(this.#leave);
      this.#leave = null;
      this.#written = null;
    }
    if (this.#leave !== null) await this.#restart(this.#leave);
    const isFresh =
      this.#written?.member === wanted && timers.now() - this.#written.atMs < PUBLICATION_REFRESH_MS;
    if (!isFresh) {
      const servers = this.#options.servers();
      await way.publish(wanted);
      this.#told.add(servers);
      this.#written = { member: wanted, atMs: timers.now() };
    }
    if (delayed && this.#leave === null)
      this.#leave = await way.prepareLeave(wanted.memberId, LEAVE_DELAY_MS);
  }

  // It was sent: the room holds that this client left.
  async #restart(leave: string): Promise<void> {
    try {
      await this.#options.homeserver.rtc.restartDelayed(leave);
    } catch (error) {
      if (!(error instanceof HomeserverError && error.code === 'not-found')) throw error;
      this.#leave = null;
      this.#written = null;
    }
  }

  async #way(): Promise<{ readonly way: MemberWay; readonly delayed: boolean }> {
    const { homeserver, room, timers, stated } = this.#options;
    if (this.#ways !== null) return this.#ways;
    const { sticky, delayed } = await homeserver.rtc.features();
    const serverNow = () => timers.now() + homeserver.serverOffsetMs();
    const way = sticky ? stickyWay(homeserver, room) : stateWay({ homeserver, room, serverNow, stated });
    this.#ways = { way, delayed };
    return this.#ways;
  }

  #nextMs(): number | null {
    if (this.#wanted === null) return null;
    if (this.#leave !== null) return LEAVE_RESTART_MS;
    const atMs = this.#written?.atMs ?? 0;
    return Math.max(0, atMs + PUBLICATION_REFRESH_MS - this.#options.timers.now());
  }

  #schedule(delayMs: number | null): void {
    this.#stopTimer();
    if (delayMs === null || this.#stopped) return;
    this.#stopTimer = this.#options.timers.after(delayMs, () => this.#go());
  }
}
