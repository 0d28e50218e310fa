import type { UserId } from '@weft/core';
import {
  type DownFrame,
  type Hello,
  type MoverEntry,
  type MoverPose,
  PoseReader,
  PoseWriter,
  poseOf,
  poseTime,
  quantisePose,
  relayTimeOf,
  type Session,
} from '@weft/protocol';
import type { AttackedRelay } from './attacked-relay.ts';
import { LaneClient } from './lane-client.ts';

const UPRIGHT = [0, 0, 0, 1] as const;

/** What somebody was told of one mover. */
export interface Told {
  readonly pose: MoverPose;
  readonly ageMs: number;
  readonly teleported: boolean;
}

/** A client of a relay that has an avatar, and is told how the others stand. */
export class MoverClient {
  readonly lane: LaneClient;
  readonly actor: Hello['actor'];
  readonly session: Session;
  readonly movers = new Map<number, MoverEntry>();
  /** All that it was told, by handle. */
  readonly told = new Map<number, Told[]>();
  readonly #reader = new PoseReader();
  readonly #writer = new PoseWriter();
  #read = 0;

  private constructor(lane: LaneClient, actor: Hello['actor'], session: Session) {
    this.lane = lane;
    this.actor = actor;
    this.session = session;
  }

  static async enter(relay: AttackedRelay, user: UserId): Promise<MoverClient> {
    const hello = await relay.hello(user);
    const lane = await LaneClient.enter(relay, hello);
    const welcome = lane.frames().find((frame) => frame.type === 'welcome');
    const client = new MoverClient(lane, hello.actor, welcome?.session ?? 0);
    lane.send({ type: 'mover-up', want: 'enter', parts: 0 });
    await client.until(() => client.avatar !== undefined);
    return client;
  }

  /** Its own avatar, once it was told of it. */
  get avatar(): MoverEntry | undefined {
    this.read();
    return [...this.movers.values()].find(
      ({ session, object }) => session === this.session && object === null,
    );
  }

  get handle(): number {
    return this.avatar?.handle ?? 0;
  }

  stand(
    x: number,
    z = 0,
    options: { readonly handle?: number; readonly atMs?: number; readonly teleported?: boolean } = {},
  ): void {
    const { handle = this.handle, atMs = Date.now(), teleported = false } = options;
    const pose = quantisePose({ body: { position: [x, 0, z], rotation: UPRIGHT } });
    this.say(this.#writer.write([{ handle, pose, ageMs: 0, teleported }]), atMs);
  }

  /** Says these bytes of its movers, whatever they are. */
  say(updates: Uint8Array, atMs = Date.now()): void {
    this.lane.send({ type: 'pose-up', at: poseTime(atMs), updates });
  }

  /** What it was told of somebody's avatar. */
  toldOf({ session }: MoverClient): readonly Told[] {
    this.read();
    const handles = [...this.movers.values()].filter(
      (each) => each.session === session && each.object === null,
    );
    return handles.flatMap(({ handle }) => this.told.get(handle) ?? []);
  }

  /** Waits for something that it hears. */
  async until(isSo: () => boolean): Promise<void> {
    const { socket } = this.lane;
    while (!isSo()) await socket.received(socket.messages.length + 1);
  }

  read(): void {
    const frames = this.lane.frames();
    for (; this.#read < frames.length; this.#read += 1) {
      const frame = frames[this.#read];
      if (frame !== undefined) this.#take(frame);
    }
  }

  #take(frame: DownFrame): void {
    if (frame.type === 'movers') {
      for (const entry of frame.appeared) {
        this.movers.set(entry.handle, entry);
        this.#reader.add(entry.handle, entry.parts, entry.session === this.session);
      }
      for (const handle of frame.left) {
        this.movers.delete(handle);
        this.#reader.remove(handle);
      }
    } else if (frame.type === 'pose-down' || frame.type === 'pose-flow') {
      const now = Date.now();
      const { at, updates } = frame;
      const read =
        frame.type === 'pose-down' ? this.#reader.read(updates) : this.#reader.readFlow(at, updates);
      for (const { handle, pose, ageMs, teleported } of read) {
        if (pose === null) continue;
        const told = { pose: poseOf(pose), ageMs: now - relayTimeOf(frame.at, now) + ageMs, teleported };
        this.told.set(handle, [...(this.told.get(handle) ?? []), told]);
      }
    }
  }
}
