import { type Backoff, backoffMs, fraction, type RandomBytes, type Stop, type Timers } from '@weft/core';
import type { Announcement, Signalling } from '../signalling.ts';

const RETRY: Backoff = { firstMs: 2_000, maxMs: 60_000 };

export interface AnnouncerOptions {
  readonly signalling: Pick<Signalling, 'announce'>;
  readonly timers: Timers;
  readonly random: RandomBytes;
  /** What the homeserver said, where an announcement failed; it is tried again. */
  readonly failed: (error: unknown) => void;
  /** The room holds this one. */
  readonly told: (member: Announcement) => void;
}

/** Tells the room on which relay this client is, or that it is on none: the latest counts, one request at a time. */
export class Announcer {
  readonly #options: AnnouncerOptions;
  #wanted: Announcement | null = null;
  #told: Announcement | null = null;
  #isUnderWay = false;
  #failures = 0;
  #stopTimer: Stop | null = null;
  #isClosed = false;

  constructor(options: AnnouncerOptions) {
    this.#options = options;
  }

  announce(member: Announcement): void {
    if (this.#isClosed) return;
    if (this.#wanted !== null && isSame(this.#wanted, member)) {
      if (this.#told === this.#wanted) this.#options.told(member);
      return;
    }
    this.#wanted = member;
    this.#failures = 0;
    this.#stopTimer?.();
    this.#stopTimer = null;
    this.#tell();
  }

  /** Says that this member left, if it ever was there. One attempt: the room has a dead man's switch beside. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopTimer?.();
    if (this.#wanted === null) return;
    try {
      await this.#options.signalling.announce(null);
    } catch (error) {
      this.#options.failed(error);
    }
  }

  #tell(): void {
    const wanted = this.#wanted;
    if (this.#isUnderWay || this.#isClosed || wanted === null || wanted === this.#told) return;
    this.#isUnderWay = true;
    this.#options.signalling.announce(wanted).then(
      () => {
        this.#isUnderWay = false;
        this.#told = wanted;
        if (this.#wanted === wanted) this.#options.told(wanted);
        this.#tell();
      },
      (error: unknown) => {
        this.#isUnderWay = false;
        this.#options.failed(error);
        this.#again();
      },
    );
  }

  #again(): void {
    if (this.#isClosed) return;
    const { timers, random } = this.#options;
    this.#failures += 1;
    this.#stopTimer = timers.after(Math.round(backoffMs(RETRY, this.#failures, fraction(random))), () => {
      this.#stopTimer = null;
      this.#tell();
    });
  }
}

function isSame(a: Announcement, b: Announcement): boolean {
  return a.transport?.url === b.transport?.url;
}
