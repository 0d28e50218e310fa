import { ROLE_LEVELS } from '@weft/core';
import {
  type DownFrame,
  type MoverEntry,
  type MoverPose,
  PoseReader,
  type PoseUpdate,
  PoseWriter,
  poseOf,
  poseTime,
  quantisePose,
  relayTimeOf,
} from '@weft/protocol';
import { type LaneRoomOptions, MOTION_LIMITS, type MotionLimits, motionPart } from '@weft/relay';
import { virtualMotion } from '@weft/testing/lane';
import { ALICE, BOB, CAROL, LaneUnderTest } from '../lane/lane-under-test.ts';
import type { TestClient } from '../lane/test-client.ts';

const UPRIGHT = [0, 0, 0, 1] as const;

export interface MotionRoomSetting {
  readonly limits?: Partial<NonNullable<LaneRoomOptions['limits']>>;
  readonly motion?: Partial<MotionLimits>;
  readonly load?: () => number;
}

/** A relay's room in which things move, under a clock that only the test moves. */
export async function openMotionRoom({ limits = {}, motion = {}, load }: MotionRoomSetting = {}) {
  const lane = await LaneUnderTest.open({
    limits: { maxPeople: 4096, maxSessionsPerUser: 4096, ...limits },
    levels: [
      [ALICE, ROLE_LEVELS.builder],
      [BOB, ROLE_LEVELS.builder],
      [CAROL, ROLE_LEVELS.visitor],
    ],
    parts: [
      (host) => {
        const ports = virtualMotion(host.timers);
        const measureLoad = load === undefined ? ports.measureLoad : () => load;
        return motionPart({ ...ports, measureLoad }, { ...MOTION_LIMITS, ...motion })(host);
      },
    ],
  });
  return lane;
}

/** How a mover stood when it was told of last. */
export interface Seen {
  readonly pose: MoverPose;
  /** On the relay's clock. */
  readonly atMs: number;
  readonly teleported: boolean;
}

/** A client of the lane that moves, and sees who else does. */
export class MovingClient {
  readonly client: TestClient;
  /** Who is there, as far as it was told. */
  readonly movers = new Map<number, MoverEntry>();
  readonly seen = new Map<number, Seen>();
  /** Each update as it came. */
  readonly updates: PoseUpdate[] = [];
  /** All frames of poses, in bytes, and the poses in them. */
  poseBytes = 0;
  poses = 0;
  readonly #lane: LaneUnderTest;
  readonly #reader = new PoseReader();
  readonly #writer = new PoseWriter();
  #taken = 0;

  constructor(lane: LaneUnderTest, client: TestClient) {
    this.#lane = lane;
    this.client = client;
  }

  static connect(lane: LaneUnderTest, options: Parameters<LaneUnderTest['client']>[0]): MovingClient {
    const client = lane.client(options);
    client.connect();
    return new MovingClient(lane, client);
  }

  get session(): number {
    return this.client.session?.session ?? 0;
  }

  /** Its avatar, once it was told of it. */
  get avatar(): MoverEntry | undefined {
    return this.#own().find(({ object }) => object === null);
  }

  /** What it carries. */
  get carried(): MoverEntry | undefined {
    return this.#own().find(({ object }) => object !== null);
  }

  enter(parts = 0): void {
    this.client.receive({ type: 'mover-up', want: 'enter', parts });
  }

  leave(): void {
    this.client.receive({ type: 'mover-up', want: 'leave', parts: 0 });
  }

  /** Tells where its avatar is, or another mover. */
  at(
    x: number,
    z = 0,
    more: Partial<MoverPose> & { readonly ageMs?: number; readonly teleported?: boolean } = {},
  ): void {
    const { ageMs = 0, teleported = false, ...pose } = more;
    this.say(
      this.avatar?.handle ?? 0,
      { body: { position: [x, 0, z], rotation: UPRIGHT }, ...pose },
      ageMs,
      teleported,
    );
  }

  say(handle: number, pose: MoverPose, ageMs = 0, teleported = false): void {
    const updates = this.#writer.write([{ handle, pose: quantisePose(pose), ageMs, teleported }]);
    this.client.receive({ type: 'pose-up', at: poseTime(this.#lane.timers.now()), updates });
  }

  look(from: { x: number; y: number; z: number } | null): void {
    this.client.receive({ type: 'view-up', from });
  }

  /** Reads what came. */
  read(): void {
    const { frames } = this.client.socket;
    for (; this.#taken < frames.length; this.#taken++) {
      const frame = frames[this.#taken];
      if (frame !== undefined) this.#take(frame);
    }
  }

  /** Where it sees another one; `undefined` where it does not. */
  xOf(handle: number | undefined): number | undefined {
    this.read();
    return this.seen.get(handle ?? 0)?.pose.body.position[0];
  }

  #own(): MoverEntry[] {
    this.read();
    return [...this.movers.values()].filter(({ session }) => session === this.session);
  }

  #take(frame: DownFrame): void {
    if (frame.type === 'movers') {
      for (const entry of frame.appeared) {
        if (this.movers.has(entry.handle)) throw new Error(`mover ${entry.handle} came twice`);
        this.movers.set(entry.handle, entry);
        this.#reader.add(entry.handle, entry.parts, entry.session === this.session);
      }
      for (const handle of frame.left) {
        if (!this.movers.delete(handle)) throw new Error(`mover ${handle} left, and never came`);
        this.seen.delete(handle);
        this.#reader.remove(handle);
      }
    } else if (frame.type === 'pose-down' || frame.type === 'pose-flow') {
      const atMs = relayTimeOf(frame.at, this.#lane.timers.now());
      this.poseBytes += 3 + frame.updates.length;
      const { at, updates } = frame;
      for (const update of frame.type === 'pose-down'
        ? this.#reader.read(updates)
        : this.#reader.readFlow(at, updates)) {
        this.updates.push(update);
        const { handle, pose, ageMs, teleported } = update;
        if (pose === null) this.seen.delete(handle);
        else this.seen.set(handle, { pose: poseOf(pose), atMs: atMs - ageMs, teleported });
        this.poses += 1;
      }
    }
  }
}
