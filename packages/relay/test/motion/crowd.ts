import { type ActorId, parseUserId, type UserId } from '@weft/core';
import {
  decodeFrame,
  encodeFrame,
  type MoverEntry,
  type MoverPose,
  newRunId,
  PoseReader,
  PoseWriter,
  poseOf,
  poseTime,
  quantisePose,
  relayTimeOf,
  type Session,
} from '@weft/protocol';
import { type LaneHost, type LanePart, type LanePerson, type MotionLimits, motionPart } from '@weft/relay';
import { FakeTimers, SeededRandom } from '@weft/testing';
import { TwinLaneWorld, virtualMotion } from '@weft/testing/lane';

const USER: UserId = parseUserId('@crowd:example.org');
const HZ = 20;

/** Somebody of the crowd: where they are, and, of those who are watched, how they see the others. */
interface Member {
  readonly person: LanePerson;
  readonly writer: PoseWriter;
  pose: (seconds: number) => MoverPose;
  handle: number;
  bytes: number;
  frames: number;
  readonly eyes: Eyes | null;
}

interface Eyes {
  readonly reader: PoseReader;
  /** By handle: when it stood as it was told of last. */
  readonly seenMs: Map<number, number>;
  poses: number;
}

/** Many who move at 20 Hz in one room, with all of the relay that poses go through, and no sockets. */
export class Crowd {
  readonly timers = new FakeTimers();
  readonly members: Member[] = [];
  readonly #part: LanePart;
  readonly #random = new SeededRandom('crowd');

  /**
   * @param watched so many decode what they are told
   * @param busy how busy the process is
   */
  constructor(
    count: number,
    watched: number,
    limits: MotionLimits,
    place: (random: SeededRandom) => readonly [number, number],
    busy = 0,
  ) {
    const ports = { ...virtualMotion(this.timers), measureLoad: () => () => busy };
    this.#part = motionPart(ports, limits)(this.#host());
    for (let at = 0; at < count; at++) this.#join(at, at < watched, place(this.#random));
    for (const { person } of this.members)
      this.#part.receive(person, { type: 'mover-up', want: 'enter', parts: 0 });
  }

  /** Everybody moves 20 times a second, each at their own moment. @param look called at the end of each 50 ms */
  async play(seconds: number, look: () => void = () => undefined): Promise<void> {
    const stepMs = 1000 / HZ;
    const byMoment = Array.from({ length: stepMs }, (_, ms) =>
      this.members.filter((_member, at) => at % stepMs === ms),
    );
    for (let step = 0; step < seconds * HZ; step++) {
      for (const movers of byMoment) {
        for (const member of movers) this.#move(member);
        await this.timers.advance(1);
      }
      look();
    }
  }

  close(): void {
    this.#part.close();
  }

  /** How old what a member sees of those nearest to it is, in milliseconds; infinite where it does not see one. */
  agesOfNearest(member: Member, count: number): number[] {
    const seconds = this.timers.now() / 1000;
    const [x, , z] = member.pose(seconds).body.position;
    return this.members
      .filter((other) => other !== member)
      .map((other) => {
        const [ox, , oz] = other.pose(seconds).body.position;
        return { other, distance: Math.hypot(ox - x, oz - z) };
      })
      .sort((a, b) => a.distance - b.distance)
      .slice(0, count)
      .map(
        ({ other }) =>
          this.timers.now() - (member.eyes?.seenMs.get(other.handle) ?? Number.NEGATIVE_INFINITY),
      );
  }

  #move({ person, writer, pose, handle }: Member): void {
    if (handle === 0) return;
    const now = this.timers.now();
    const updates = writer.write([{ handle, pose: quantisePose(pose(now / 1000)), ageMs: 0 }]);
    const bytes = encodeFrame({ type: 'pose-up', at: poseTime(now), updates });
    this.#part.receive(person, decodeFrame(bytes, 'to-relay'));
  }

  #join(at: number, isWatched: boolean, [x, z]: readonly [number, number]): void {
    const actor = `member-${at}`.padEnd(16, '-') as ActorId;
    const session = at + 1;
    const person: LanePerson = { session, user: USER, device: 'D', actor, level: 0, mode: 'play' };
    const eyes = isWatched ? { reader: new PoseReader(), seenMs: new Map<number, number>(), poses: 0 } : null;
    const radius = 2 + this.#random.float() * 4;
    const phase = this.#random.float() * 6.28;
    const pose = (seconds: number): MoverPose => {
      const angle = phase + (1.4 / radius) * seconds;
      const yaw = angle + 0.1 * Math.sin(2 * seconds + phase);
      return {
        body: {
          position: [
            x + radius * Math.cos(angle),
            0.03 * Math.abs(Math.sin(6 * seconds + phase)),
            z + radius * Math.sin(angle),
          ],
          rotation: [0, Math.sin(yaw / 2), 0, Math.cos(yaw / 2)],
        },
        state: 'walk',
      };
    };
    this.members.push({ person, writer: new PoseWriter(), pose, handle: 0, bytes: 0, frames: 0, eyes });
    this.#part.joined(person);
  }

  #announced(to: Member, entries: readonly MoverEntry[]): void {
    for (const { handle, session, parts } of entries) {
      if (session === to.person.session) to.handle = handle;
      to.eyes?.reader.add(handle, parts, session === to.person.session);
    }
  }

  #told(session: Session, message: Uint8Array): void {
    const member = this.members[session - 1];
    if (member === undefined) return;
    member.bytes += message.length;
    member.frames += 1;
    if (member.eyes === null) return;
    const frame = decodeFrame(message, 'to-client');
    if (frame.type !== 'pose-down' && frame.type !== 'pose-flow') return;
    const { reader } = member.eyes;
    const read =
      frame.type === 'pose-down' ? reader.read(frame.updates) : reader.readFlow(frame.at, frame.updates);
    const atMs = relayTimeOf(frame.at, this.timers.now());
    for (const { handle, pose, ageMs } of read) {
      member.eyes.poses += 1;
      if (pose === null) member.eyes.seenMs.delete(handle);
      else {
        poseOf(pose);
        member.eyes.seenMs.set(handle, atMs - ageMs);
      }
    }
  }

  #host(): LaneHost {
    const { timers } = this;
    return {
      world: new TwinLaneWorld({ actor: 'relay-of-crowd--' as ActorId, now: timers.now, levels: [] }),
      timers,
      random: this.#random.bytes,
      run: newRunId(this.#random.bytes),
      people: () => this.members.map(({ person }) => person),
      person: (session) => this.members[session - 1]?.person,
      send: (to, frame) => {
        const member = this.members[to - 1];
        if (member !== undefined && frame.type === 'movers') this.#announced(member, frame.appeared);
      },
      broadcast: (frame, _urgency, except) => {
        if (frame.type !== 'movers') return;
        for (const member of this.members)
          if (member.person.session !== except) this.#announced(member, frame.appeared);
      },
      isReady: () => true,
      sendBytes: (to, message) => this.#told(to, message),
      quietMs: () => 0,
      ping: () => undefined,
      expel: (session, code, reason) => {
        throw new Error(`${session} was closed with ${code}: ${reason}`);
      },
      keep: () => undefined,
      keepOnly: () => undefined,
      whenKept: () => undefined,
    };
  }
}

/** The value below which so many of them lie. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}
