import { randomBytes } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { encodePatch, newActorId, type RandomBytes } from '@weft/core';
import {
  decodeFrame,
  encodeFrame,
  LANE_VERSION,
  type Movers,
  PoseWriter,
  poseTime,
  quantisePose,
  type Session,
  type UpFrame,
} from '@weft/protocol';
import {
  type LaneRoom,
  type LaneSession,
  type LaneSocket,
  motionPart,
  openLaneRoom,
  ROOM_LIMITS,
  StoreJournal,
} from '@weft/relay';
import { ThreadPlace } from '@weft/store/thread';
import { FakeTimers, SeededRandom } from '@weft/testing';
import { TwinLaneWorld, virtualMotion } from '@weft/testing/lane';
import { userOf } from '../../peers/weft.ts';
import { POSES_PER_SECOND } from '../../poses/timetable.ts';
import { Walk } from '../../poses/walk.ts';
import { district } from '../../scene/district.ts';

const ROOM = '!hour:example.org';
const POSE_MS = 1000 / POSES_PER_SECOND;
const METRES = 20;
const SIGNATURE_BYTES = 64;

const random: RandomBytes = (length) => new Uint8Array(randomBytes(length));

export interface HourOptions {
  readonly seed: string;
  readonly movers: number;
  /** Of each mover. */
  readonly poses: number;
  readonly objects: number;
  /** Where the relay keeps its journal. */
  readonly directory: string;
}

export interface HourReport {
  /** The graph as a file, before anybody moved and after everybody did; in bytes. */
  readonly graphBytes: { readonly before: number; readonly after: number };
  /** Whether both hold the same, by their hash. */
  readonly isSame: boolean;
  /** The relay's files. */
  readonly diskBytes: { readonly before: number; readonly after: number };
  readonly told: number;
  /** Of an update as it goes up: the largest whole one, and the mean of those that say what changed. */
  readonly wholeBytes: number;
  readonly stepBytes: number;
}

/** Many poses through the room of a relay with its journal on disk, as fast as they are worked off: time is virtual. */
export async function playHour(options: HourOptions): Promise<HourReport> {
  const { seed, movers, poses, objects, directory } = options;
  const timers = new FakeTimers();
  const builder = userOf(0);
  const levels = Array.from({ length: movers }, (_, at) => [userOf(at), 0] as const);
  const world = new TwinLaneWorld({ actor: newActorId(random), now: timers.now, levels });
  world.settle(district({ seed, count: objects, user: builder }));
  const place = new ThreadPlace(directory);
  const room = await openLaneRoom({
    ...{ world, timers, random },
    journal: new StoreJournal(await place.open('hour')),
    log: { info: () => undefined, warn: () => undefined },
    limits: { ...ROOM_LIMITS, maxPeople: movers },
    parts: [motionPart(virtualMotion(timers))],
  });
  const walks = new SeededRandom(`${seed}/hour`);
  const people = Array.from({ length: movers }, (_, at) => new HourWalker(room, at, new Walk(walks, METRES)));
  await timers.advance(1000);
  const graph = () => ({ bytes: encodePatch(world.replica.toPatch()).length, hash: world.replica.setHash() });
  const [before, diskBefore] = [graph(), await bytesIn(directory)];
  for (let at = 0; at < poses; at++) {
    for (const each of people) each.move((at * POSE_MS) / 1000, timers.now());
    await timers.advance(POSE_MS);
  }
  const [after, diskAfter] = [graph(), await bytesIn(directory)];
  for (const each of people) each.isDone = true;
  await room.close();
  const steps = people.reduce((sum, { stepBytes }) => sum + stepBytes, 0);
  return {
    graphBytes: { before: before.bytes, after: after.bytes },
    isSame: before.hash === after.hash,
    diskBytes: { before: diskBefore, after: diskAfter },
    told: people.reduce((sum, { told }) => sum + told, 0),
    wholeBytes: Math.max(...people.map(({ wholeBytes }) => wholeBytes)),
    stepBytes: steps / Math.max(1, movers * (poses - 1)),
  };
}

/** Somebody who walks without a network: what they are told is counted and let go. */
class HourWalker implements LaneSocket {
  readonly queuedBytes = 0;
  readonly quietMs = 0;
  told = 0;
  wholeBytes = 0;
  stepBytes = 0;
  /** From then on the relay may close. */
  isDone = false;
  readonly #walk: Walk;
  readonly #writer = new PoseWriter();
  readonly #lane: LaneSession | null;
  #session: Session | null = null;
  #handle = 0;

  constructor(room: LaneRoom, number: number, walk: Walk) {
    this.#walk = walk;
    this.#lane = room.join(
      {
        ...{ user: userOf(number), device: 'BENCH', memberId: `member-${number}` },
        hello: {
          ...{ type: 'hello', version: LANE_VERSION, room: ROOM, ticket: 't', nonce: 'n' },
          ...{ actor: newActorId(random), former: [], position: null },
          ...{ setHash: null, mode: 'play', signature: new Uint8Array(SIGNATURE_BYTES) },
        },
      },
      this,
    );
    this.#session = this.#lane?.session ?? null;
    this.#say({ type: 'mover-up', want: 'enter', parts: 0 });
  }

  move(seconds: number, nowMs: number): void {
    const pose = quantisePose({ body: this.#walk.at(seconds), state: 'walk' });
    const updates = this.#writer.write([{ handle: this.#handle, pose, ageMs: 0 }]);
    if (this.wholeBytes === 0) this.wholeBytes = updates.length;
    else this.stepBytes += updates.length;
    this.#say({ type: 'pose-up', at: poseTime(nowMs), updates });
  }

  send(message: Uint8Array): void {
    const frame = decodeFrame(message, 'to-client');
    if (frame.type === 'movers') this.#announced(frame);
    else if (frame.type === 'pose-down' || frame.type === 'pose-flow') this.told += 1;
  }

  ping(): void {}

  close(code: number, reason: string): void {
    if (!this.isDone) throw new Error(`the relay closed with ${code}: ${reason}`);
  }

  #announced({ appeared }: Movers): void {
    for (const { handle, session } of appeared) if (session === this.#session) this.#handle = handle;
  }

  /** As bytes, as they come from a network. */
  #say(frame: UpFrame): void {
    this.#lane?.receive(decodeFrame(encodeFrame(frame), 'to-relay'));
  }
}

async function bytesIn(directory: string): Promise<number> {
  const names = await readdir(directory, { recursive: true });
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(directory, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
