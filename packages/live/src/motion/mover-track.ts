import { MAX_POSE_SPEED, type MoverPose } from '@weft/protocol';
import { blend, onward } from './blend.ts';
import { MAX_PLAYOUT_MS, PlayoutDelay } from './playout-delay.ts';

/** How long a mover of which nothing comes is thought to go on, in milliseconds; then it stands. */
export const MAX_EXTRAPOLATION_MS = 200;
/** Poses of one mover that are kept. */
export const MAX_TRACK_POSES = 64;
/** What claims to be older, or newer, than this when it comes is taken as so old, or as of now, in milliseconds. */
export const MAX_POSE_AGE_MS = 5_000;
export const MAX_POSE_LEAD_MS = 250;
/** So much earlier than what came before, a sender's clock was set, and what it said before is forgotten, in milliseconds. */
export const CLOCK_SET_MS = 250;
/** Nothing moves more slowly than over this time: whoever stood still until now begins to move now, in milliseconds. */
export const MAX_STRIDE_MS = 1_000;
/** Whoever rested sets out this long before the first word of it, in milliseconds. */
export const SETTING_OUT_MS = 100;

interface Told {
  readonly atMs: number;
  /** `null` where it was out of sight from then on. */
  readonly pose: MoverPose | null;
  /** It did not move here from where it was before. */
  readonly isJump: boolean;
}

/** What was told of one mover, on the relay's clock, and where it was meanwhile. */
export class MoverTrack {
  readonly #delay = new PlayoutDelay();
  #told: Told[] = [];
  #newestMs = Number.NEGATIVE_INFINITY;

  /** How far behind it is shown, in milliseconds. */
  get delayMs(): number {
    return this.#delay.delayMs;
  }

  /** When it stood as was told last, on the relay's clock; −∞ before anything was. */
  get newestMs(): number {
    return this.#newestMs;
  }

  /**
   * Takes in what was told.
   *
   * @param atMs when it stood so, on the relay's clock
   * @param pose `null` where it is out of sight
   * @param nowMs when that came, on the same clock
   */
  add(atMs: number, pose: MoverPose | null, isTeleported: boolean, nowMs: number): void {
    // A sender whose clock is wrong is shown as well as can be, and holds up nothing.
    const time = Math.min(nowMs + MAX_POSE_LEAD_MS, Math.max(nowMs - MAX_POSE_AGE_MS, atMs));
    const last = this.#told.at(-1);
    if (last !== undefined && time <= last.atMs) {
      if (time > last.atMs - CLOCK_SET_MS) {
        this.#amend(last, pose, isTeleported);
        return;
      }
      this.#told = [];
    }
    const before = this.#told.at(-1);
    const isSteady =
      before?.pose != null && before.pose.resting !== true && time - before.atMs < MAX_STRIDE_MS;
    if (isSteady) this.#delay.arrived(nowMs, nowMs - before.atMs);
    const isJump =
      isTeleported ||
      before?.pose == null ||
      pose === null ||
      isTooFar(before.pose, pose, time - before.atMs);
    this.#told.push({ atMs: time, pose, isJump });
    this.#newestMs = time;
    this.#forget(nowMs - MAX_PLAYOUT_MS - MAX_STRIDE_MS);
  }

  /** When it stood as was told last before what is played at a moment of the relay's clock; −∞ where nothing is yet. */
  playedMs(relayMs: number): number {
    const playMs = relayMs - this.#delay.delayMs;
    return this.#told.findLast(({ atMs }) => atMs <= playMs)?.atMs ?? Number.NEGATIVE_INFINITY;
  }

  /** How it stands at a moment of the relay's clock, as it is shown; `null` where it is out of sight, or nothing is known. */
  poseAt(relayMs: number): MoverPose | null {
    const playMs = relayMs - this.#delay.delayMs;
    const next = this.#told.findIndex(({ atMs }) => atMs > playMs);
    if (next === 0) return this.#told[0]?.pose ?? null;
    const [from, to] = next < 0 ? [this.#told.at(-1), undefined] : [this.#told[next - 1], this.#told[next]];
    if (from?.pose == null) return null;
    if (to === undefined) return this.#beyond(from, from.pose, playMs);
    if (to.pose === null || to.isJump) return from.pose;
    const startMs = Math.max(
      from.atMs,
      to.atMs - (from.pose.resting === true ? SETTING_OUT_MS : MAX_STRIDE_MS),
    );
    if (playMs <= startMs) return from.pose;
    const spanMs = to.atMs - startMs;
    return blend(from.pose, to.pose, (playMs - startMs) / spanMs, spanMs);
  }

  /** Of the same moment, or a little before: the later word counts, at the time that was told first. */
  #amend(last: Told, pose: MoverPose | null, isTeleported: boolean): void {
    this.#told[this.#told.length - 1] = {
      ...last,
      pose,
      isJump: last.isJump || isTeleported || last.pose === null,
    };
  }

  #beyond({ atMs, isJump }: Told, pose: MoverPose, playMs: number): MoverPose {
    const ms = Math.min(playMs - atMs, MAX_EXTRAPOLATION_MS);
    if (pose.resting === true || ms <= 0) return pose;
    const velocity = pose.velocity ?? (isJump ? null : this.#lastVelocity());
    return velocity === null ? pose : onward(pose, velocity, ms);
  }

  #lastVelocity(): readonly [number, number, number] | null {
    const [from, to] = this.#told.slice(-2);
    if (from?.pose == null || to?.pose == null) return null;
    const seconds = (to.atMs - from.atMs) / 1000;
    if (from.pose.resting === true || seconds > MAX_EXTRAPOLATION_MS / 1000) return null;
    const [a, b] = [from.pose.body.position, to.pose.body.position];
    return [(b[0] - a[0]) / seconds, (b[1] - a[1]) / seconds, (b[2] - a[2]) / seconds];
  }

  /** Lets go of what is played for good. */
  #forget(beforeMs: number): void {
    let played = 0;
    while (played < this.#told.length - 2 && (this.#told[played + 1]?.atMs ?? 0) < beforeMs) played += 1;
    played = Math.max(played, this.#told.length - MAX_TRACK_POSES);
    if (played > 0) this.#told.splice(0, played);
  }
}

/** Whether nobody can have moved so far in that time, whatever the sender says. */
function isTooFar(from: MoverPose, to: MoverPose, ms: number): boolean {
  const [a, b] = [from.body.position, to.body.position];
  const metres = Math.hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2]);
  return metres > Math.max(1, (2 * MAX_POSE_SPEED * Math.min(ms, MAX_STRIDE_MS)) / 1000);
}
