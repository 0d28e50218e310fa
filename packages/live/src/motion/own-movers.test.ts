import type { ObjectId } from '@weft/core';
import {
  type MoverPose,
  PoseReader,
  type PoseUp,
  type PoseUpdate,
  poseOf,
  relayTimeOf,
  type UpFrame,
} from '@weft/protocol';
import { FakeTimers } from '@weft/testing';
import { describe, expect, test } from 'vitest';
import {
  ENTER_AGAIN_MS,
  MAX_OWN_UPDATES,
  MAX_POSE_BACKLOG_BYTES,
  OwnMovers,
  POSE_HEARTBEAT_MS,
  REST_AFTER_MS,
} from './own-movers.ts';

const SESSION = 7;
const AHEAD_MS = 4_000;
const CHAIR = 'chair' as ObjectId;
const pose = (x: number, more: Partial<MoverPose> = {}): MoverPose => ({
  body: { position: [x, 0, 0], rotation: [0, 0, 0, 1] },
  ...more,
});
const head = { position: [0, 1.6, 0], rotation: [0, 0, 0, 1] } as const;

/** A relay that answers as one does, and reads all poses. */
class Harness {
  readonly timers = new FakeTimers();
  readonly sent: { readonly atMs: number; readonly frame: UpFrame }[] = [];
  readonly told: (PoseUpdate & { readonly atMs: number; readonly stoodMs: number })[] = [];
  readonly own: OwnMovers;
  backlogBytes = 0;
  aheadMs: number | null = AHEAD_MS;
  gives = true;
  isLive = true;
  #reader = new PoseReader();
  #handle = 0;
  #avatar: number | null = null;

  constructor() {
    this.own = new OwnMovers({
      timers: this.timers,
      send: (frame) => this.isLive && this.#take(frame),
      backlogBytes: () => this.backlogBytes,
      relayMs: () => (this.aheadMs === null ? null : this.timers.now() + this.aheadMs),
      changed: () => undefined,
    });
  }

  live(perSecond = 20): void {
    this.#reader = new PoseReader();
    this.#avatar = null;
    this.own.moved(SESSION);
    this.own.rated(perSecond);
  }

  give(object: ObjectId | null, parts = 0): number {
    this.#handle += 1;
    this.#reader.add(this.#handle, parts);
    const entry = { handle: this.#handle, session: SESSION, object, parts };
    const left = object === null && this.#avatar !== null ? [this.#avatar] : [];
    if (object === null) this.#avatar = this.#handle;
    this.own.announced({ appeared: [entry], left });
    return this.#handle;
  }

  of<T extends UpFrame['type']>(type: T): Extract<UpFrame, { type: T }>[] {
    return this.sent.flatMap(({ frame }) =>
      frame.type === type ? [frame as Extract<UpFrame, { type: T }>] : [],
    );
  }

  #take(frame: UpFrame): boolean {
    this.sent.push({ atMs: this.timers.now(), frame });
    if (frame.type === 'pose-up') this.#read(frame);
    if (frame.type === 'mover-up' && frame.want === 'enter' && this.gives)
      this.timers.after(5, () => this.give(null, frame.parts));
    return true;
  }

  #read({ at, updates }: PoseUp): void {
    const atMs = this.timers.now();
    const relayMs = relayTimeOf(at, atMs + AHEAD_MS);
    for (const update of this.#reader.read(updates))
      this.told.push({ ...update, atMs, stoodMs: relayMs - update.ageMs - AHEAD_MS });
  }
}

async function entered(perSecond = 20): Promise<Harness> {
  const harness = new Harness();
  harness.own.enter();
  harness.live(perSecond);
  await harness.timers.advance(10);
  expect(harness.own.isShown).toBe(true);
  return harness;
}

describe('what this client moves', () => {
  test('[AV7] goes out as often as the relay says, the newest alone, with when it stood so', async () => {
    const { own, timers, told } = await entered(20);
    for (let ms = 0; ms < 1_000; ms += 10) {
      own.move(null, pose(ms / 1000), false);
      await timers.advance(10);
    }
    expect(told.length).toBeGreaterThanOrEqual(19);
    expect(told.length).toBeLessThanOrEqual(21);
    const xOf = (update: PoseUpdate | undefined): number =>
      update?.pose == null ? Number.NaN : poseOf(update.pose).body.position[0];
    for (const [at, update] of told.entries()) {
      const { stoodMs, atMs } = update;
      const x = xOf(update) - xOf(told[0]);
      expect(atMs - (told[at - 1]?.atMs ?? atMs - 50)).toBeGreaterThanOrEqual(50);
      expect(Math.abs(x * 1000 - (stoodMs - (told[0]?.stoodMs ?? 0)))).toBeLessThanOrEqual(6);
    }
    own.close();
  });

  test('[AV7] gives back what others will see, and refuses what is no pose, by which nothing is sent', async () => {
    const { own, timers, told } = await entered();
    const seen = own.move(null, pose(1 / 3, { resting: true }), false);
    await timers.advance(100);
    const [first] = told;
    expect(first?.pose == null ? null : poseOf(first.pose)).toEqual(seen);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, 1e38, 4_096])
      expect(() => own.move(null, pose(bad), false)).toThrow(/expected finite coordinates/);
    await timers.advance(100);
    expect(told).toHaveLength(1);
    own.close();
  });

  test(`[AV7] rests after ${REST_AFTER_MS} ms, is told so once, and then only that it is there`, async () => {
    const { own, timers, told } = await entered();
    own.move(null, pose(1), false);
    await timers.advance(REST_AFTER_MS);
    for (let frame = 0; frame < 100; frame += 1) {
      own.move(null, pose(1), false);
      await timers.advance(50);
    }
    expect(told.map(({ pose: each }) => each?.resting)).toEqual([false, true]);
    own.move(null, pose(1.5), false);
    await timers.advance(60);
    expect(told.at(-1)?.pose?.resting).toBe(false);
    own.close();
  });

  test('[AV7] is heard of at least twice a second, however still it is, and not at all before it is there', async () => {
    const harness = await entered();
    const { timers, own } = harness;
    await timers.advance(10_000);
    const beats = harness.of('pose-up');
    expect(beats.length).toBeGreaterThanOrEqual(19);
    expect(beats.length).toBeLessThanOrEqual(21);
    expect(beats.every(({ updates }) => updates.length === 0)).toBe(true);
    const times = harness.sent.filter(({ frame }) => frame.type === 'pose-up').map(({ atMs }) => atMs);
    for (const [at, ms] of times.entries())
      if (at > 0) expect(ms - (times[at - 1] ?? 0)).toBeLessThanOrEqual(POSE_HEARTBEAT_MS);
    own.close();
    expect(timers.pending).toBe(0);
  });

  test('[AV8] says nothing to a relay that carries no poses, nor before its clock is known', async () => {
    const harness = new Harness();
    const { own, timers } = harness;
    own.enter();
    own.moved(SESSION);
    own.move(null, pose(1, { resting: true }), false);
    await timers.advance(5_000);
    expect(harness.sent).toEqual([]);
    expect(own.isCarried).toBe(false);
    harness.aheadMs = null;
    own.rated(20);
    await timers.advance(1_000);
    expect(harness.of('pose-up')).toEqual([]);
    harness.aheadMs = AHEAD_MS;
    await timers.advance(100);
    expect(harness.told).toHaveLength(1);
    own.close();
  });

  test('[AV8] enters again where it was taken out, after a reconnection, and with other parts', async () => {
    const harness = await entered();
    const { own, timers } = harness;
    own.move(null, pose(1), false);
    await timers.advance(ENTER_AGAIN_MS);
    own.announced({ appeared: [], left: [1] });
    expect(own.isShown).toBe(false);
    await timers.advance(20);
    expect(own.isShown).toBe(true);
    await timers.advance(ENTER_AGAIN_MS);
    own.moved(null);
    expect([own.isShown, own.isCarried]).toEqual([false, false]);
    harness.live();
    await timers.advance(100);
    expect(own.isShown).toBe(true);
    expect(harness.told.at(-1)?.pose).not.toBeNull();
    await timers.advance(ENTER_AGAIN_MS);
    own.move(null, pose(0, { head }), false);
    await timers.advance(100);
    expect(harness.of('mover-up').map(({ want, parts }) => [want, parts])).toEqual([
      ['enter', 0],
      ['enter', 0],
      ['enter', 0],
      ['enter', 1],
    ]);
    expect(harness.told.at(-1)?.pose?.parts).toBe(1);
    own.leave();
    await timers.advance(5_000);
    expect(harness.of('mover-up').at(-1)?.want).toBe('leave');
    expect(timers.pending).toBe(0);
  });

  test('[AV8] asks a relay that gives it nothing once a second at most', async () => {
    const harness = new Harness();
    harness.gives = false;
    harness.own.enter();
    harness.live();
    for (let frame = 0; frame < 500; frame += 1) {
      harness.own.move(null, pose(frame), false);
      await harness.timers.advance(10);
    }
    const asked = harness.of('mover-up').length;
    expect(asked).toBeGreaterThanOrEqual(4);
    expect(asked).toBeLessThanOrEqual(6);
    expect(harness.of('pose-up')).toEqual([]);
    harness.own.close();
  });

  test(`[AV9] holds back while more than ${MAX_POSE_BACKLOG_BYTES} bytes wait, ever more rarely, and recovers`, async () => {
    const harness = await entered(20);
    const { own, timers, told } = harness;
    const walk = async (ms: number): Promise<number> => {
      const before = told.length;
      for (let since = 0; since < ms; since += 10) {
        own.move(null, pose((timers.now() % 10_000) / 100), false);
        await timers.advance(10);
      }
      return told.length - before;
    };
    harness.backlogBytes = MAX_POSE_BACKLOG_BYTES;
    expect(await walk(1_000)).toBeGreaterThanOrEqual(19);
    harness.backlogBytes = MAX_POSE_BACKLOG_BYTES + 1;
    expect(await walk(3_000)).toBe(0);
    harness.backlogBytes = 0;
    await walk(8_000);
    expect(await walk(1_000)).toBeGreaterThanOrEqual(18);
    own.close();
  });

  test('[AV9] a teleport that was not sent yet is not forgotten over the next pose', async () => {
    const { own, timers, told } = await entered(20);
    own.move(null, pose(1), false);
    await timers.advance(60);
    own.move(null, pose(100), true);
    own.move(null, pose(100.1), false);
    await timers.advance(60);
    expect(told.map(({ teleported }) => teleported)).toEqual([false, true]);
    own.close();
  });

  test('[AV10] carries objects under their handles beside the avatar, in one frame, and no others', async () => {
    const harness = await entered(20);
    const { own, timers, told } = harness;
    own.move(CHAIR, pose(5, { resting: true }), false);
    await timers.advance(100);
    expect(told).toEqual([]);
    const handle = harness.give(CHAIR);
    own.move(null, pose(1, { resting: true }), false);
    await timers.advance(60);
    expect(told.map((each) => each.handle)).toEqual([handle, 1]);
    expect(new Set(told.map(({ atMs }) => atMs)).size).toBe(1);
    own.announced({ appeared: [], left: [handle] });
    own.move(CHAIR, pose(6), false);
    await timers.advance(100);
    expect(told.filter((each) => each.handle === handle)).toHaveLength(1);
    own.close();
  });

  test(`[AV10] ${MAX_OWN_UPDATES} movers fit a frame; one more waits for the next`, async () => {
    const harness = await entered(20);
    const { own, timers } = harness;
    for (let n = 0; n <= MAX_OWN_UPDATES; n += 1) {
      harness.give(`o${n}` as ObjectId);
      own.move(`o${n}` as ObjectId, pose(n), false);
    }
    await timers.advance(1);
    await timers.advance(120);
    const times = harness.told.map(({ atMs }) => atMs);
    const first = times.filter((ms) => ms === times[0]).length;
    expect([first, harness.told.length]).toEqual([MAX_OWN_UPDATES, MAX_OWN_UPDATES + 1]);
    own.close();
  });
});
