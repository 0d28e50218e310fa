import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mutated } from '../../test/arbitraries.ts';
import { codeOf } from '../../test/code-of.ts';
import { MAX_POSE_DOWN_BYTES } from '../limits.ts';
import { ProtocolError } from '../protocol-error.ts';
import { BitReader, BitWriter } from './bits.ts';
import { isShort, readGamma, readShort, shortBits, writeGamma, writeShort } from './codes.ts';
import { encodeFlow } from './encode-flow.ts';
import { MAX_FLOW_STEP_MS } from './flow-course.ts';
import { MAX_FLOW_AGE_MS } from './flow-layout.ts';
import { MAX_MOVER_HANDLE } from './mover-handle.ts';
import type { MoverPose } from './mover-pose.ts';
import { PoseReader, type PoseUpdate } from './pose-reader.ts';
import { poseTime } from './pose-time.ts';
import { quantisePose } from './quantise-pose.ts';
import type { QuantisedPose } from './quantised-pose.ts';
import { type FlowUpdate, writeFlowAnew, writeFlowHidden, writeFlowOn } from './write-flow-update.ts';
import { writePoseUpdate } from './write-pose-update.ts';

const HEAD_BYTES = 3;
const UPRIGHT = [0, 0, 0, 1] as const;

/** One mover as a relay tells of it to readers who know all it told before. */
class Told {
  readonly handle: number;
  readonly #told: { readonly pose: QuantisedPose; readonly atMs: number; readonly isJump: boolean }[] = [];

  constructor(handle: number) {
    this.handle = handle;
  }

  tell(pose: QuantisedPose, atMs: number, frameMs: number, isJump = false): FlowUpdate {
    const last = this.#told.at(-1);
    this.#told.push({ pose, atMs, isJump });
    const telling = { handle: this.handle, pose, atMs, frameMs };
    const on =
      last === undefined || isJump ? null : writeFlowOn(telling, { ...last, before: this.#before(1) });
    return on ?? writeFlowAnew(telling, this.#before(0), isJump);
  }

  /** What those are told who come now. */
  first(frameMs: number): FlowUpdate {
    const told = this.#told.at(-1);
    if (told === undefined) throw new Error('nothing was told');
    return writeFlowAnew({ handle: this.handle, ...told, frameMs }, this.#before(0), false);
  }

  #before(back: number) {
    const [before, told] = [this.#told.at(-2 - back), this.#told.at(-1 - back)];
    return before === undefined || told?.isJump === true
      ? null
      : { numbers: before.pose.numbers, atMs: before.atMs };
  }
}

function read(reader: PoseReader, frameMs: number, ...updates: FlowUpdate[]): PoseUpdate[] {
  const at = poseTime(frameMs);
  return reader.readFlow(at, encodeFlow(at, updates).subarray(HEAD_BYTES));
}

const stand = (x: number, yaw = 0, more: Partial<MoverPose> = {}): QuantisedPose =>
  quantisePose({
    body: { position: [x, 0, 0], rotation: [0, Math.sin(yaw / 2), 0, Math.cos(yaw / 2)] },
    ...more,
  });

describe('[MO15] numbers in few bits', () => {
  test('come back as they were, the small ones in the fewest', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: MAX_MOVER_HANDLE }))),
        fc.array(fc.tuple(fc.integer({ min: -300, max: 300 }), fc.constantFrom(0, 1, 2, 5))),
        (numbers, shorts) => {
          const bits = new BitWriter();
          const written = shorts.filter(([value, shift]) => isShort(value, shift, 16));
          for (const value of numbers) writeGamma(bits, value);
          const from = bits.length;
          for (const [value, shift] of written) writeShort(bits, value, shift);
          expect(bits.length - from).toBe(
            written.reduce((sum, [value, shift]) => sum + shortBits(value, shift), 0),
          );
          const again = new BitReader(bits.finish());
          expect(numbers.map(() => readGamma(again, 28))).toEqual(numbers);
          expect(written.map(([, shift]) => readShort(again, shift, 16))).toEqual(
            written.map(([value]) => value),
          );
        },
      ),
    );
    const lengthOf = (value: number) => {
      const bits = new BitWriter();
      writeGamma(bits, value);
      return bits.length;
    };
    expect([1, 2, 3, 4, MAX_MOVER_HANDLE].map(lengthOf)).toEqual([1, 3, 3, 5, 55]);
    expect([0, -1, 1, -2].map((value) => shortBits(value, 0))).toEqual([1, 2, 3, 4]);
    expect([isShort(7, 0, 16), isShort(-8, 0, 16), isShort(8, 0, 16)]).toEqual([true, true, false]);
  });

  test('bits behind bits stand where they would have been written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 0xffffff }), fc.integer({ min: 1, max: 24 }))),
        (all) => {
          const [one, other, joined] = [new BitWriter(), new BitWriter(), new BitWriter()];
          joined.flag(true);
          one.flag(true);
          for (const [value, width] of all) {
            one.write(value, width);
            other.write(value, width);
          }
          const { length } = other;
          joined.append(other.finish(), length);
          expect(joined.finish()).toEqual(one.finish());
        },
      ),
    );
  });
});

describe('[MO15] what goes on', () => {
  const steps = fc.array(
    fc.record({
      x: fc.oneof(
        fc.constant(0.07),
        fc.double({ min: -0.3, max: 0.3, noNaN: true }),
        fc.double({ min: -40, max: 40, noNaN: true }),
      ),
      yaw: fc.oneof(fc.constant(0.02), fc.double({ min: -3, max: 3, noNaN: true })),
      head: fc.double({ min: -1, max: 1, noNaN: true }),
      ms: fc.oneof(
        fc.constant(50),
        fc.integer({ min: 0, max: 700 }),
        fc.constantFrom(65_536, 65_586, 200_000, -40, -65_486),
      ),
      lateMs: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: MAX_FLOW_AGE_MS })),
      state: fc.oneof(
        { weight: 8, arbitrary: fc.constant('walk' as const) },
        { weight: 1, arbitrary: fc.constant('wave' as const) },
      ),
      resting: fc.oneof(
        { weight: 8, arbitrary: fc.constant(false) },
        { weight: 1, arbitrary: fc.constant(true) },
      ),
      velocity: fc.oneof(
        { weight: 8, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: fc.constant([1, 0, 2] as const) },
      ),
      isJump: fc.oneof(
        { weight: 8, arbitrary: fc.constant(false) },
        { weight: 1, arbitrary: fc.constant(true) },
      ),
      comes: fc.boolean(),
    }),
    { minLength: 1, maxLength: 30 },
  );

  test('gives every reader the numbers and times of the sender, whenever each of them came', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: MAX_MOVER_HANDLE }), (course, handle) => {
        const told = new Told(handle);
        const readers: PoseReader[] = [];
        let [x, yaw, atMs] = [0, 0, 1_752_164_544_123];
        for (const { ms, lateMs, isJump, comes, head, state, resting, velocity, ...step } of course) {
          [x, yaw, atMs] = [x + step.x, yaw + step.yaw, atMs + ms];
          const pose = stand(x, yaw, {
            ...{ state, resting, velocity },
            head: { position: [x + head, 1.6, 0], rotation: UPRIGHT },
          });
          const update = told.tell(pose, atMs, atMs + lateMs, isJump);
          for (const reader of readers) {
            const [one] = read(reader, atMs + lateMs, update);
            expect(one).toEqual({ handle, pose, teleported: isJump, ageMs: lateMs });
          }
          if (!comes) continue;
          const reader = new PoseReader();
          reader.add(handle, 1);
          readers.push(reader);
          expect(read(reader, atMs + lateMs, told.first(atMs + lateMs))[0]?.pose).toEqual(pose);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('takes less than three bytes on average for people who walk, whenever their frames come', () => {
    const movers = Array.from({ length: 200 }, (_, at) => new Told(at + 1));
    let [bytes, updates] = [0, 0];
    for (let tick = 0; tick < 200; tick++) {
      const frameMs = tick * 50 + 50;
      const all = movers.map((told) => {
        const radius = 2 + (told.handle % 5);
        // No clock and no frame of a page is exact.
        const atMs = tick * 50 + ((told.handle * 7) % 42) + ((told.handle * 31 + tick * 17) % 3);
        const angle = (1.4 / radius) * (atMs / 1000) + told.handle;
        const pose = quantisePose({
          body: {
            position: [
              told.handle + radius * Math.cos(angle),
              0.03 * Math.abs(Math.sin((6 * atMs) / 1000)),
              radius * Math.sin(angle),
            ],
            rotation: [0, Math.sin(angle / 2), 0, Math.cos(angle / 2)],
          },
          state: 'walk',
        });
        return told.tell(pose, atMs, frameMs);
      });
      const frame = encodeFlow(poseTime(frameMs), all);
      if (tick < 3) continue;
      bytes += frame.length;
      updates += all.length;
    }
    expect(bytes / updates).toBeLessThan(3);
    expect(bytes / updates).toBeGreaterThan(1.5);
  });

  test('passes over own movers, whatever is known of them, and says who is out of sight', () => {
    const [own, other] = [new Told(4), new Told(9)];
    const [reader, late] = [new PoseReader(), new PoseReader()];
    for (const each of [reader, late]) each.add(9, 0);
    reader.add(4, 0);
    late.add(4, 0, true);
    for (let step = 0; step < 4; step++) {
      const atMs = 1000 + 50 * step;
      const updates = [own.tell(stand(step), atMs, atMs), other.tell(stand(step / 8), atMs, atMs)];
      expect(read(reader, atMs, ...updates).map(({ handle }) => handle)).toEqual([4, 9]);
      expect(read(late, atMs, ...updates).map(({ handle }) => handle)).toEqual([9]);
    }
    const hidden = { handle: 9, pose: null, ageMs: 0, teleported: false };
    expect(read(late, 2000, writeFlowHidden(4), writeFlowHidden(9))).toEqual([hidden]);
    const on = other.tell(stand(0.5), 1200, 1200);
    expect(codeOf(() => read(late, 1200, on))).toBe('malformed');
  });

  test('is refused where nothing is known, or only by the other frames', () => {
    const told = new Told(1);
    const whole = writePoseUpdate({ handle: 1, pose: stand(0), baseline: null, ageMs: 0 });
    const first = told.tell(stand(0), 1000, 1000);
    const on = told.tell(stand(0.1), 1050, 1050);
    const reader = new PoseReader();
    reader.add(1, 0);
    expect(codeOf(() => read(reader, 1050, on))).toBe('malformed');
    reader.read(whole);
    expect(codeOf(() => read(reader, 1050, on))).toBe('malformed');
    read(reader, 1000, first);
    expect(read(reader, 1050, on)[0]?.pose).toEqual(stand(0.1));
    expect(codeOf(() => read(reader, 1050, told.first(1050), told.first(1050)))).toBe('malformed');
    reader.remove(1);
    expect(codeOf(() => read(reader, 1050, told.first(1050)))).toBe('malformed');
  });

  test('throws nothing but a ProtocolError, whatever bytes come, and then nothing of the frame counts', () => {
    const told = [1, 2, 3].map((handle) => new Told(handle));
    const frames = Array.from({ length: 5 }, (_, step) => {
      const atMs = 1000 + step * 50;
      const updates = told.map((each) => each.tell(stand(step * each.handle * 0.1, step), atMs, atMs + 9));
      return { atMs: atMs + 9, bytes: encodeFlow(poseTime(atMs + 9), updates).subarray(HEAD_BYTES) };
    });
    const last = frames[4] ?? { atMs: 0, bytes: new Uint8Array() };
    fc.assert(
      fc.property(fc.oneof(mutated(last.bytes), fc.uint8Array({ maxLength: 200 })), (bytes) => {
        const reader = new PoseReader();
        for (const { handle } of told) reader.add(handle, 0);
        for (const frame of frames.slice(0, 4)) reader.readFlow(poseTime(frame.atMs), frame.bytes);
        try {
          for (const { pose, ageMs } of reader.readFlow(poseTime(last.atMs), bytes)) {
            expect(ageMs).toBeLessThanOrEqual(MAX_FLOW_AGE_MS);
            expect(pose === null || pose.numbers.every(Number.isInteger)).toBe(true);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
          expect(reader.readFlow(poseTime(last.atMs), last.bytes)).toHaveLength(3);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('holds a step to its bound, and is told by itself beyond it', () => {
    const lengths = [MAX_FLOW_STEP_MS, MAX_FLOW_STEP_MS + 1].map((stepMs) => {
      const told = new Told(1);
      const reader = new PoseReader();
      reader.add(1, 0);
      for (let step = 0; step < 3; step++) {
        const update = told.tell(stand(step * 0.2), step * stepMs, step * stepMs);
        expect(read(reader, step * stepMs, update)[0]?.pose).toEqual(stand(step * 0.2));
        if (step === 2) return update.length;
      }
      return 0;
    });
    expect(lengths[0]).toBeLessThan(lengths[1] ?? 0);
  });
});

test('[MO15] a frame of what goes on is as long as may be', () => {
  const told = new Told(1);
  const update = told.tell(stand(0), 0, 0);
  const many = Array.from({ length: 2900 }, (_, at) => ({ ...update, handle: at + 1 }));
  const most = encodeFlow(0, many);
  expect(most.length).toBeLessThanOrEqual(MAX_POSE_DOWN_BYTES);
  const more = Array.from({ length: 6000 }, (_, at) => ({ ...update, handle: at + 1 }));
  expect(codeOf(() => encodeFlow(0, more))).toBe('too-large');
});
