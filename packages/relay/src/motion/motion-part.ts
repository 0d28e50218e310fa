import type { ObjectId, Stop, UserId } from '@weft/core';
import {
  MAX_MOVERS,
  type MoverHandle,
  type MoverUp,
  POSE_UNITS_PER_METRE,
  type PoseUp,
  type QuantisedPose,
  relayTimeOf,
  type Session,
  type UpFrame,
  type ViewUp,
} from '@weft/protocol';
import type { LaneHost, LanePart, LanePerson, MakeLanePart } from '../lane/lane-part.ts';
import { Ground } from './ground.ts';
import { MOTION_LIMITS, type MotionLimits } from './motion-limits.ts';
import type { Mover } from './mover.ts';
import { Movers } from './movers.ts';
import { OwnMovers } from './own-movers.ts';
import { PoseRate } from './pose-rate.ts';
import { Round } from './round.ts';
import { Tempo } from './tempo.ts';
import { Viewer } from './viewer.ts';

/** After how long without a sign of life an avatar is gone. */
export const AVATAR_SILENCE_MS = 1_500;
/** How often it is looked after, and after how long its socket is asked. */
const LOOK_MS = 250;
const PING_MS = 750;
/** A pose that is said to be older counts as one of this age. */
export const MAX_POSE_AGE_MS = 1_000;
/** How long who could not be told everything waits at least. */
const AGAIN_MS = 50;

/** What the process lends to what moves. */
export interface MotionPorts {
  /** Calls back once when all that came in this turn of the event loop was taken. */
  readonly turn: (run: () => void) => void;
  /** Begins to measure how busy the event loop is: each call says it of the time since the last one, 0 to 1. */
  readonly measureLoad: () => () => number;
}

/**
 * What moves: who has an avatar, who carries what, and how they stand now. Poses are told and forgotten; none is kept, and
 * none comes near the graph.
 */
export class MotionPart implements LanePart {
  readonly kind = null;
  readonly takes: ReadonlySet<UpFrame['type']> = new Set(['mover-up', 'pose-up', 'view-up']);
  readonly #host: LaneHost;
  readonly #limits: MotionLimits;
  readonly #ports: MotionPorts;
  readonly #movers = new Movers();
  readonly #ground = new Ground();
  readonly #viewers = new Map<Session, Viewer>();
  readonly #own = new Map<Session, OwnMovers>();
  readonly #round: Round;
  readonly #tempo: Tempo;
  readonly #rate: PoseRate;
  /** Those of which a newer pose came than was told. */
  readonly #heard = new Set<Mover>();
  /** What the others were not told yet of who is there. */
  #appeared: Mover[] = [];
  #left: MoverHandle[] = [];
  #isTurnWanted = false;
  #stopRound: Stop | null = null;
  /** Whether there was more to tell than there were bytes or time for. */
  #isTooMuch = false;
  /** When the round is that is waited for. */
  #dueMs = 0;
  #stopLook: Stop | null = null;
  #roundMs = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(host: LaneHost, ports: MotionPorts, limits: MotionLimits = MOTION_LIMITS) {
    this.#host = host;
    this.#ports = ports;
    this.#limits = limits;
    const { now } = host.timers;
    this.#tempo = new Tempo({ framesPerSecond: limits.framesPerSecond, now, load: ports.measureLoad() });
    this.#rate = new PoseRate((perSecond) => host.broadcast({ type: 'pose-rate', perSecond }, 'steady'));
    this.#round = new Round({
      movers: this.#movers,
      ground: this.#ground,
      viewers: this.#viewers,
      limits,
      isReady: (session) => host.isReady(session),
      send: (session, message) => host.sendBytes(session, message),
    });
  }

  load(): void {}

  joined({ session }: LanePerson): void {
    this.#announce(session);
    this.#host.send(session, { type: 'pose-rate', perSecond: this.#rate.perSecond }, 'steady');
    const entries = Array.from(this.#movers.all(), ({ entry }) => entry);
    for (let at = 0; at < entries.length; at += MAX_MOVERS)
      this.#host.send(
        session,
        { type: 'movers', appeared: entries.slice(at, at + MAX_MOVERS), left: [] },
        'steady',
      );
    this.#viewers.set(session, new Viewer(session, this.#limits, this.#host.timers.now));
    this.#own.set(session, new OwnMovers());
    if (entries.length > 0) this.#want();
  }

  changed(): void {}

  hasAvatar(user: UserId): boolean {
    for (const { session } of this.#movers.avatars())
      if (this.#host.person(session)?.user === user) return true;
    return false;
  }

  left({ session }: LanePerson): void {
    for (const mover of this.#movers.ofSession(session)) this.#remove(mover);
    this.#viewers.delete(session);
    this.#own.delete(session);
  }

  leased(object: ObjectId, holder: Session | null): void {
    const before = this.#movers.carrying(object);
    if (before !== undefined) this.#remove(before);
    if (holder !== null && this.#own.has(holder)) this.#add(holder, object, 0);
  }

  receive(person: LanePerson, frame: UpFrame): void {
    if (frame.type === 'mover-up') this.#takeMover(person, frame);
    else if (frame.type === 'pose-up') this.#takePoses(person, frame);
    else if (frame.type === 'view-up') this.#takeView(person, frame);
  }

  close(): void {
    this.#isClosed = true;
    this.#stopRound?.();
    this.#stopLook?.();
  }

  /** Whoever came to look on has no avatar. */
  #takeMover({ session, mode }: LanePerson, { want, parts }: MoverUp): void {
    const before = this.#movers.avatarOf(session);
    if (before !== undefined) this.#remove(before);
    if (want === 'leave' || mode === 'read') this.#viewers.get(session)?.unfollow();
    else this.#add(session, null, parts);
  }

  #takePoses({ session }: LanePerson, { at, updates }: PoseUp): void {
    const nowMs = this.#nowMs();
    const atMs = relayTimeOf(at, nowMs);
    let count = 0;
    for (const { handle, pose, ageMs, teleported } of this.#own.get(session)?.read(updates) ?? []) {
      const mover = this.#movers.of(handle);
      if (mover === undefined || pose === null) continue;
      // Whose clock is wrong spoils nothing but how smoothly they move.
      mover.hear(pose, Math.max(nowMs - MAX_POSE_AGE_MS, Math.min(nowMs, atMs - ageMs)), teleported);
      this.#heard.add(mover);
      if (mover.object === null) this.#viewers.get(session)?.follow(placeOf(pose));
      count += 1;
    }
    if (count === 0) return;
    this.#tempo.heard(count, this.#viewers.size);
    this.#want();
  }

  #takeView({ session }: LanePerson, { from }: ViewUp): void {
    const viewer = this.#viewers.get(session);
    const steps = (metres: number): number => metres * POSE_UNITS_PER_METRE;
    viewer?.look(from === null ? null : { x: steps(from.x), y: steps(from.y), z: steps(from.z) });
    const pose = from === null ? this.#movers.avatarOf(session)?.pose : null;
    if (pose !== null && pose !== undefined) viewer?.follow(placeOf(pose));
    this.#want();
  }

  #add(session: Session, object: ObjectId | null, parts: number): void {
    const mover = this.#movers.add(session, object, parts);
    this.#own.get(session)?.add(mover);
    this.#appeared.push(mover);
    this.#rate.adapt(this.#movers.size);
    this.#stopLook ??= this.#host.timers.after(LOOK_MS, () => this.#lookAfter());
    this.#want();
  }

  #remove(mover: Mover): void {
    this.#movers.remove(mover);
    this.#ground.remove(mover);
    this.#own.get(mover.session)?.end(mover);
    this.#heard.delete(mover);
    for (const viewer of this.#viewers.values()) viewer.tell(mover, 0);
    // Who was not told that it came need not know that it went.
    if (this.#appeared.includes(mover)) this.#appeared = this.#appeared.filter((other) => other !== mover);
    else this.#left.push(mover.handle);
    this.#rate.adapt(this.#movers.size);
    this.#want();
  }

  /** An avatar of which nothing is heard is gone, before its socket is. */
  #lookAfter(): void {
    this.#stopLook = null;
    const host = this.#host;
    for (const mover of [...this.#movers.avatars()]) {
      const quietMs = host.quietMs(mover.session);
      if (quietMs >= AVATAR_SILENCE_MS) this.#remove(mover);
      else if (quietMs >= PING_MS) host.ping(mover.session);
    }
    if (this.#movers.size > 0) this.#stopLook = host.timers.after(LOOK_MS, () => this.#lookAfter());
  }

  /** There is something to tell: at the end of this turn, or when the tick is over. */
  #want(): void {
    // Where bytes are scarce those who are near are worth waiting for.
    if (this.#isTurnWanted || this.#isClosed || (this.#isTooMuch && this.#stopRound !== null)) return;
    const waitMs = this.#tempo.tickMs - Math.max(0, this.#host.timers.now() - this.#roundMs);
    if (waitMs > 0) {
      this.#wantIn(waitMs);
      return;
    }
    this.#stopRound?.();
    this.#stopRound = null;
    this.#isTurnWanted = true;
    this.#ports.turn(() => {
      this.#isTurnWanted = false;
      if (!this.#isClosed) this.#run();
    });
  }

  /** By then at the latest: what waits for longer, for one sender or reader, keeps nobody else waiting. */
  #wantIn(delayMs: number): void {
    const dueMs = this.#host.timers.now() + delayMs;
    if (this.#isClosed || (this.#stopRound !== null && this.#dueMs <= dueMs)) return;
    this.#stopRound?.();
    this.#dueMs = dueMs;
    this.#stopRound = this.#host.timers.after(delayMs, () => {
      this.#stopRound = null;
      this.#run();
    });
  }

  #run(): void {
    this.#announce(0);
    const nowMs = this.#nowMs();
    this.#roundMs = nowMs;
    const changed = new Set<Mover>();
    const moved: Mover[] = [];
    let waitMs = Number.POSITIVE_INFINITY;
    const { everyMs } = this.#rate;
    const heard = [...this.#heard];
    this.#heard.clear();
    for (const mover of heard) {
      const early = mover.waitMs(nowMs, everyMs);
      if (early > 0) {
        waitMs = Math.min(waitMs, early);
        this.#heard.add(mover);
      } else {
        if (mover.release(nowMs, everyMs)) moved.push(mover);
        changed.add(mover);
      }
    }
    for (const mover of moved) this.#ground.place(mover);
    const rest = this.#round.run({ changed, moved, nowMs, part: this.#tempo.part });
    this.#isTooMuch = rest === 'too much';
    if (rest !== 'none') waitMs = Math.min(waitMs, Math.max(AGAIN_MS, this.#tempo.tickMs));
    if (waitMs === Number.POSITIVE_INFINITY) return;
    // Counted from where the round began: a long one is no reason to wait for longer.
    const tookMs = Math.max(0, this.#nowMs() - nowMs);
    this.#wantIn(Math.max(0, Math.max(waitMs, this.#tempo.tickMs) - tookMs));
  }

  /** Everybody knows a mover before they hear how it stands. */
  #announce(except: Session | 0): void {
    while (this.#appeared.length > 0 || this.#left.length > 0)
      this.#host.broadcast(
        {
          type: 'movers',
          appeared: this.#appeared.splice(0, MAX_MOVERS).map(({ entry }) => entry),
          left: this.#left.splice(0, MAX_MOVERS),
        },
        'steady',
        ...(except === 0 ? [] : [except]),
      );
  }

  #nowMs(): number {
    return Math.floor(this.#host.timers.now());
  }
}

function placeOf({ numbers }: QuantisedPose): { readonly x: number; readonly y: number; readonly z: number } {
  const [x = 0, y = 0, z = 0] = numbers;
  return { x, y, z };
}

/** Makes what moves in a room. @param limits default: `MOTION_LIMITS` */
export function motionPart(ports: MotionPorts, limits?: MotionLimits): MakeLanePart {
  return (host) => new MotionPart(host, ports, limits);
}
