import type { ObjectId, Stop, Timers } from '@weft/core';
import {
  type MoverPose,
  type Movers,
  type PartSet,
  PoseWriter,
  poseOf,
  poseTime,
  type QuantisedPose,
  quantisePose,
  type UpFrame,
} from '@weft/protocol';

/** How often a relay hears of an avatar that does not move, in milliseconds: it takes it away after 1.5 s of silence. */
export const POSE_HEARTBEAT_MS = 500;
/** Who did not move for so long rests, in milliseconds. */
export const REST_AFTER_MS = 150;
/** While more than this waits in the socket, no poses are added to it, in bytes. */
export const MAX_POSE_BACKLOG_BYTES = 4_096;
/** How many times slower than its relay allows a client becomes at most, behind a socket that does not keep up. */
export const MAX_POSE_SLOWDOWN = 16;
/** Own movers in one frame; more follow in the next. */
export const MAX_OWN_UPDATES = 48;
/** How often a relay is asked for an avatar at most, in milliseconds. */
export const ENTER_AGAIN_MS = 1_000;
/** Until the relay's clock is known, it is looked at so often, in milliseconds. */
const CLOCK_RETRY_MS = 50;
/** By how much a slowdown shrinks with each frame that went out at once. */
const RECOVERY = 0.9;

export interface OwnMoversOptions {
  readonly timers: Timers;
  /** To this client's relay; `false` where none is live. */
  readonly send: (frame: UpFrame) => boolean;
  /** What that socket has not written yet, in bytes. */
  readonly backlogBytes: () => number;
  /** What that relay's clock shows; `null` until it was measured. */
  readonly relayMs: () => number | null;
  /** The avatar is shown to others from now on, or is no more. */
  readonly changed: () => void;
}

interface Newest {
  readonly pose: QuantisedPose;
  /** When the program gave it. */
  readonly atMs: number;
  /** Since when it is where it is. */
  readonly stillSinceMs: number;
  readonly isTeleported: boolean;
  isTold: boolean;
}

interface Handle {
  readonly handle: number;
  readonly parts: PartSet;
}

/** What this client moves: of each the newest pose goes out, as fast as the relay and the socket take them. */
export class OwnMovers {
  readonly #options: OwnMoversOptions;
  readonly #newest = new Map<ObjectId | null, Newest>();
  readonly #handles = new Map<ObjectId | null, Handle>();
  #writer = new PoseWriter();
  #session: number | null = null;
  #perSecond: number | null = null;
  #hasAvatar = false;
  /** When the relay was asked for an avatar. */
  #askedMs: number | null = null;
  #slowdown = 1;
  #sentMs = Number.NEGATIVE_INFINITY;
  #stop: Stop | null = null;

  constructor(options: OwnMoversOptions) {
    this.#options = options;
  }

  /** Whether this client's relay carries poses. */
  get isCarried(): boolean {
    return this.#perSecond !== null;
  }

  /** Whether others see the avatar. */
  get isShown(): boolean {
    return this.#handles.has(null);
  }

  /** This client is on another socket from now on, or on none. */
  moved(session: number | null): void {
    this.#session = session;
    this.#perSecond = null;
    this.#handles.clear();
    this.#writer = new PoseWriter();
    this.#askedMs = null;
    this.#slowdown = 1;
    for (const newest of this.#newest.values()) newest.isTold = false;
    this.#schedule();
    this.#options.changed();
  }

  /** The relay carries so many poses a second. */
  rated(perSecond: number): void {
    this.#perSecond = perSecond;
    this.#enter();
    this.#schedule();
    this.#options.changed();
  }

  /** Which movers there are on this client's relay. */
  announced({ appeared, left }: Pick<Movers, 'appeared' | 'left'>): void {
    const before = this.isShown;
    for (const handle of left)
      for (const [object, own] of [...this.#handles])
        if (own.handle === handle) {
          this.#handles.delete(object);
          this.#writer.remove(handle);
        }
    for (const { handle, session, object, parts } of appeared) {
      if (session !== this.#session) continue;
      this.#handles.set(object, { handle, parts });
      const newest = this.#newest.get(object);
      if (newest !== undefined) newest.isTold = false;
    }
    this.#enter();
    this.#schedule();
    if (before !== this.isShown) this.#options.changed();
  }

  /** Shows an avatar to others, now and after each reconnection. */
  enter(): void {
    this.#hasAvatar = true;
    this.#enter();
  }

  leave(): void {
    this.#hasAvatar = false;
    this.#newest.delete(null);
    this.#askedMs = null;
    if (this.isCarried) this.#options.send({ type: 'mover-up', want: 'leave', parts: 0 });
    this.#schedule();
  }

  /**
   * The newest pose of the avatar (`null`), or of an object that is carried.
   *
   * @returns as others will see it
   * @throws ProtocolError for what is no pose
   */
  move(object: ObjectId | null, pose: MoverPose, isTeleported: boolean): MoverPose {
    const quantised = quantisePose(pose);
    const nowMs = this.#options.timers.now();
    const before = this.#newest.get(object);
    const isSame = before !== undefined && !isTeleported && isAlike(before.pose, quantised);
    if (!isSame)
      this.#newest.set(object, {
        ...{ pose: quantised, atMs: nowMs, stillSinceMs: nowMs },
        isTeleported: isTeleported || (before?.isTold === false && before.isTeleported),
        isTold: false,
      });
    if (object === null) this.#enter();
    this.#schedule();
    return poseOf(quantised);
  }

  /** Nothing more is told of an object. */
  drop(object: ObjectId): void {
    this.#newest.delete(object);
  }

  close(): void {
    this.#stop?.();
    this.#stop = null;
    this.#newest.clear();
    this.#hasAvatar = false;
  }

  /** Which parts the avatar has to have. */
  get #parts(): PartSet {
    return this.#newest.get(null)?.pose.parts ?? this.#handles.get(null)?.parts ?? 0;
  }

  #isToAsk(): boolean {
    return this.#hasAvatar && this.isCarried && this.#handles.get(null)?.parts !== this.#parts;
  }

  #enter(): void {
    if (!this.#isToAsk()) return;
    const nowMs = this.#options.timers.now();
    if (this.#askedMs !== null && nowMs - this.#askedMs < ENTER_AGAIN_MS) return;
    this.#askedMs = nowMs;
    this.#options.send({ type: 'mover-up', want: 'enter', parts: this.#parts });
  }

  /** One timer, for whatever is due next. */
  #schedule(): void {
    this.#stop?.();
    this.#stop = null;
    const dueMs = this.#dueMs();
    if (dueMs === null) return;
    const { timers } = this.#options;
    this.#stop = timers.after(Math.max(0, dueMs - timers.now()), () => {
      this.#stop = null;
      this.#tick();
    });
  }

  #dueMs(): number | null {
    if (this.#perSecond === null) return null;
    const soonestMs = this.#sentMs + (1000 / this.#perSecond) * this.#slowdown;
    let dueMs = Number.POSITIVE_INFINITY;
    if (this.#hasAvatar) {
      dueMs = this.#sentMs + POSE_HEARTBEAT_MS;
      // An answer that did not come is asked for again.
      if (this.#isToAsk() && this.#askedMs !== null) dueMs = Math.min(dueMs, this.#askedMs + ENTER_AGAIN_MS);
    }
    for (const [object, newest] of this.#newest) {
      if (this.#handles.get(object)?.parts !== newest.pose.parts) continue;
      if (!newest.isTold) dueMs = Math.min(dueMs, soonestMs);
      else if (!newest.pose.resting) dueMs = Math.min(dueMs, newest.stillSinceMs + REST_AFTER_MS);
    }
    return dueMs === Number.POSITIVE_INFINITY ? null : Math.max(dueMs, soonestMs);
  }

  #tick(): void {
    const { timers, send, backlogBytes, relayMs } = this.#options;
    const nowMs = timers.now();
    const relayNowMs = relayMs();
    if (relayNowMs === null) {
      this.#stop = timers.after(CLOCK_RETRY_MS, () => this.#tick());
      return;
    }
    if (backlogBytes() > MAX_POSE_BACKLOG_BYTES) {
      this.#slowdown = Math.min(MAX_POSE_SLOWDOWN, this.#slowdown * 2);
      this.#sentMs = nowMs;
      this.#schedule();
      return;
    }
    this.#slowdown = Math.max(1, this.#slowdown * RECOVERY);
    this.#enter();
    this.#rest(nowMs);
    const updates = this.#updates(nowMs);
    const isSilent = nowMs - this.#sentMs >= POSE_HEARTBEAT_MS;
    if (updates.length > 0 || (this.isShown && isSilent)) {
      this.#sentMs = nowMs;
      send({ type: 'pose-up', at: poseTime(relayNowMs), updates: this.#writer.write(updates) });
    } else if (isSilent) this.#sentMs = nowMs;
    this.#schedule();
  }

  /** Whoever has not moved for a while will not until it is told: nobody shows them going on. */
  #rest(nowMs: number): void {
    for (const [object, newest] of this.#newest) {
      if (!newest.isTold || newest.pose.resting || nowMs - newest.stillSinceMs < REST_AFTER_MS) continue;
      const pose = { ...newest.pose, resting: true, velocity: null };
      this.#newest.set(object, { ...newest, pose, atMs: nowMs, isTeleported: false, isTold: false });
    }
  }

  #updates(nowMs: number) {
    const updates: { handle: number; pose: QuantisedPose; ageMs: number; teleported: boolean }[] = [];
    for (const [object, newest] of this.#newest) {
      const own = this.#handles.get(object);
      // Under a handle of other parts nobody could read it; another was asked for.
      if (newest.isTold || own === undefined || own.parts !== newest.pose.parts) continue;
      if (updates.length === MAX_OWN_UPDATES) break;
      newest.isTold = true;
      const { pose, atMs, isTeleported } = newest;
      updates.push({ handle: own.handle, pose, ageMs: nowMs - atMs, teleported: isTeleported });
    }
    return updates;
  }
}

/** Whether two poses look the same, whatever each says of resting. */
function isAlike(a: QuantisedPose, b: QuantisedPose): boolean {
  if (a.parts !== b.parts || a.state !== b.state || a.speaking !== b.speaking) return false;
  if (b.resting && !a.resting) return false;
  return a.numbers.every((number, at) => number === b.numbers[at]);
}
