import { type ObjectId, type Patch, parseUserId } from '@weft/core';
import {
  type Homeserver,
  type LogEntry,
  type RoomId,
  readLog,
  readMoment,
  type WalkProgress,
} from '@weft/matrix';
import type { Platform } from '../platform.ts';
import { type MomentTime, momentMs } from './moment-time.ts';
import { WorldMoment } from './world-moment.ts';

/** For reading the past, which takes time where there is much of it. */
export interface HistoryOptions {
  readonly signal?: AbortSignal;
  /** Called after each page of up to 1,000 events. */
  readonly progress?: (progress: WalkProgress) => void;
}

/** Which part of the log is wanted; all that is given must hold. */
export interface LogOptions extends HistoryOptions {
  /** Only what happened to this object. */
  readonly object?: ObjectId;
  /** Only what this Matrix user sent. */
  readonly user?: string;
  /** Nothing older. */
  readonly since?: MomentTime;
  /** The `next` of an earlier page. */
  readonly before?: string;
  /** Entries at most: 1 to 200, default 50. */
  readonly limit?: number;
}

/** A page of the log. */
export interface WorldLog {
  /** Newest first. */
  readonly entries: readonly LogEntry[];
  /** Pass it as `before` for what is older; `null` where there is no more. */
  readonly next: string | null;
  /** Why the log may begin too late, as a sentence; `null` where it does not. */
  readonly incomplete: string | null;
}

const DEFAULT_LOG_ENTRIES = 50;

export interface WorldHistoryPorts {
  readonly homeserver: Homeserver;
  readonly room: RoomId;
  readonly platform: Platform;
  /** What is known of the world now. */
  readonly present: () => Patch;
}

/** The past of a world, read from its room's timeline whenever it is asked for; nothing of it is kept. */
export class WorldHistory {
  readonly #ports: WorldHistoryPorts;

  constructor(ports: WorldHistoryPorts) {
    this.#ports = ports;
  }

  async at(time: MomentTime, options: HistoryOptions): Promise<WorldMoment> {
    const { homeserver, room, platform, present } = this.#ports;
    const nowMs = Math.floor(platform.timers.now() + homeserver.serverOffsetMs());
    const atMs = Math.min(momentMs(time), nowMs);
    const moment = await readMoment({ homeserver, room, atMs, nowMs, present: present(), ...options });
    return new WorldMoment({ room, atMs, moment });
  }

  async log({ since, user, limit, ...options }: LogOptions): Promise<WorldLog> {
    const { homeserver, room } = this.#ports;
    const { entries, next, end } = await readLog({
      homeserver,
      room,
      limit: limit ?? DEFAULT_LOG_ENTRIES,
      ...options,
      ...(user === undefined ? {} : { user: parseUserId(user) }),
      ...(since === undefined ? {} : { sinceMs: momentMs(since) }),
    });
    return { entries, next, incomplete: next === null && isCut(end) ? REASONS[end] : null };
  }
}

type Cut = 'hidden' | 'loop';

function isCut(end: string): end is Cut {
  return end === 'hidden' || end === 'loop';
}

const REASONS: Readonly<Record<Cut, string>> = {
  hidden:
    'What is older is hidden from this user by the history visibility of the room, or was deleted by the homeserver.',
  loop: 'The homeserver gave the same part of the past twice; what is older was not read.',
};
