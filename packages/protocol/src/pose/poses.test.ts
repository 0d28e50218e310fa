import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mutated } from '../../test/arbitraries.ts';
import { codeOf } from '../../test/code-of.ts';
import { ProtocolError } from '../protocol-error.ts';
import { AVATAR_STATES } from './avatar-state.ts';
import { MAX_MOVER_HANDLE } from './mover-handle.ts';
import type { MoverPose, PartPose } from './mover-pose.ts';
import { PoseReader } from './pose-reader.ts';
import { poseTime, relayTimeOf } from './pose-time.ts';
import { PoseWriter } from './pose-writer.ts';
import { quantisePose } from './quantise-pose.ts';
import {
  MAX_PART_METRES,
  MAX_POSE_HEIGHT_METRES,
  MAX_POSE_METRES,
  POSE_UNITS_PER_METRE,
  poseCell,
  poseOf,
} from './quantised-pose.ts';
import { writeHidden, writePoseUpdate } from './write-pose-update.ts';

const UPRIGHT = [0, 0, 0, 1] as const;
const HALF_STEP_METRES = 1 / (2 * POSE_UNITS_PER_METRE);
const MAX_ANGLE = 0.0035;

const metres = (bound: number): fc.Arbitrary<number> =>
  fc.double({ min: -bound, max: bound, noNaN: true }).map((value) => value || 0);
const vectors = (bound: number) => fc.tuple(metres(bound), metres(bound), metres(bound));
const far = fc.tuple(
  metres(MAX_POSE_METRES - 1),
  metres(MAX_POSE_HEIGHT_METRES - 1),
  metres(MAX_POSE_METRES - 1),
);
const rotations = fc
  .tuple(metres(1), metres(1), metres(1), metres(1))
  .filter((rotation) => Math.hypot(...rotation) > 0.01)
  .map(([x, y, z, w]) => {
    const length = Math.hypot(x, y, z, w);
    return [x / length, y / length, z / length, w / length] as const;
  });
const parts: fc.Arbitrary<PartPose> = fc.record({ position: vectors(7), rotation: rotations });
const option = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** Bodies anywhere, in steps large and small; other parts about them. */
const poses: fc.Arbitrary<MoverPose> = fc
  .record({
    body: fc.record({
      position: fc.oneof(vectors(2), vectors(300), far),
      rotation: rotations,
    }),
    head: option(parts),
    left: option(parts),
    right: option(parts),
    velocity: option(vectors(40)),
    state: fc.constantFrom(...AVATAR_STATES),
    speaking: fc.boolean(),
    resting: fc.boolean(),
  })
  .map(({ body, head, left, right, ...rest }) => {
    const placed = (part: PartPose | undefined): PartPose | undefined => {
      if (part === undefined) return undefined;
      const [x, y, z] = part.position;
      const [bx, by, bz] = body.position;
      return { ...part, position: [x + bx, y + by, z + bz] };
    };
    return { ...rest, body, head: placed(head), left: placed(left), right: placed(right) };
  });

const standing = (position: PartPose['position']): MoverPose => ({ body: { position, rotation: UPRIGHT } });

function angleBetween(a: readonly number[], b: readonly number[]): number {
  const dot = a.reduce((sum, each, at) => sum + each * (b[at] ?? 0), 0);
  return 2 * Math.acos(Math.min(1, Math.abs(dot)));
}

describe('[PO1] a pose in steps', () => {
  test('is within half a step of what it was, and within a fifth of a degree', () => {
    fc.assert(
      fc.property(poses, (pose) => {
        const read = poseOf(quantisePose(pose));
        for (const name of ['body', 'head', 'left', 'right'] as const) {
          const [was, is] = [pose[name], read[name]];
          expect(is === undefined).toBe(was === undefined);
          for (const axis of [0, 1, 2])
            expect(Math.abs((was?.position[axis] ?? 0) - (is?.position[axis] ?? 0))).toBeLessThanOrEqual(
              HALF_STEP_METRES,
            );
          expect(angleBetween(was?.rotation ?? UPRIGHT, is?.rotation ?? UPRIGHT)).toBeLessThan(MAX_ANGLE);
          if (is !== undefined) expect(Math.hypot(...is.rotation)).toBeCloseTo(1, 9);
        }
        expect(read).toMatchObject({ state: pose.state, speaking: pose.speaking, resting: pose.resting });
      }),
      { numRuns: 2000 },
    );
  });

  test('keeps what stands upright upright, to the bit', () => {
    expect(poseOf(quantisePose(standing([0, 1.5, -2]))).body).toEqual({
      position: [0, 1.5, -2],
      rotation: UPRIGHT,
    });
    expect(poseOf(quantisePose(standing([0, 0, 0]))).body.rotation).toEqual(UPRIGHT);
  });

  test('lies in a cell of 64 m that is the upper part of its coordinates', () => {
    const cellAt = (x: number) => poseCell(quantisePose(standing([x, 0, 0])).numbers[0] ?? 0);
    expect([-64.5, -64, -0.1, 0, 63.9, 64].map(cellAt)).toEqual([-2, -1, -1, 0, 0, 1]);
    expect([-MAX_POSE_METRES, MAX_POSE_METRES - 1].map(cellAt)).toEqual([-64, 63]);
  });

  test('has speeds to 31 m/s, and takes a greater one for that', () => {
    const speedOf = (x: number) =>
      poseOf(quantisePose({ ...standing([0, 0, 0]), velocity: [x, 0, 0] })).velocity;
    expect(speedOf(1.5)).toEqual([1.5, 0, 0]);
    expect(speedOf(31)).toEqual([31, 0, 0]);
    expect(speedOf(-1e6)).toEqual([-31, 0, 0]);
  });
});

describe('[PO2] what is no pose cannot be written:', () => {
  const NO_NUMBERS = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e38, -1e38];

  test('coordinates that are not finite, or beyond 4,096 m', () => {
    for (const bad of [...NO_NUMBERS, MAX_POSE_METRES, -MAX_POSE_METRES - 1])
      for (const axis of [0, 1, 2]) {
        const position: [number, number, number] = [0, 0, 0];
        position[axis] = bad;
        expect(codeOf(() => quantisePose(standing(position)))).toBe('malformed');
      }
    const [max, high] = [MAX_POSE_METRES, MAX_POSE_HEIGHT_METRES];
    for (const height of [-high, high - 0.01])
      expect(codeOf(() => quantisePose(standing([-max, height, max - 0.01])))).toBeNull();
    for (const height of [-high - 0.01, high])
      expect(codeOf(() => quantisePose(standing([0, height, 0])))).toBe('malformed');
  });

  test('a part that is 8 m from its body', () => {
    const withHead = (y: number): MoverPose => ({
      ...standing([100, 0, 0]),
      head: { position: [100, y, 0], rotation: UPRIGHT },
    });
    expect(codeOf(() => quantisePose(withHead(MAX_PART_METRES - 0.01)))).toBeNull();
    expect(codeOf(() => quantisePose(withHead(MAX_PART_METRES)))).toBe('malformed');
    expect(codeOf(() => quantisePose(withHead(Number.NaN)))).toBe('malformed');
  });

  test('rotations and velocities that are none', () => {
    for (const bad of [...NO_NUMBERS.slice(0, 3), 1e308 * 10])
      expect(codeOf(() => quantisePose({ body: { position: [0, 0, 0], rotation: [0, bad, 0, 1] } }))).toBe(
        'malformed',
      );
    expect(codeOf(() => quantisePose({ body: { position: [0, 0, 0], rotation: [0, 0, 0, 0] } }))).toBe(
      'malformed',
    );
    expect(
      poseOf(quantisePose({ body: { position: [0, 0, 0], rotation: [0, 0, 0, 1e38] } })).body.rotation,
    ).toEqual(UPRIGHT);
    for (const bad of NO_NUMBERS.slice(0, 3))
      expect(codeOf(() => quantisePose({ ...standing([0, 0, 0]), velocity: [bad, 0, 0] }))).toBe('malformed');
  });
});

describe('[PO3] what is written of poses', () => {
  test('gives every reader the numbers of the sender, whatever came between', () => {
    const histories = fc.array(
      fc.record({ pose: poses, teleported: fc.boolean(), ageMs: fc.integer({ min: 0, max: 5000 }) }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(histories, fc.integer({ min: 1, max: MAX_MOVER_HANDLE }), (history, handle) => {
        const writer = new PoseWriter();
        const reader = new PoseReader();
        const first = quantisePose(history[0]?.pose ?? standing([0, 0, 0]));
        reader.add(handle, first.parts);
        for (const { pose, teleported, ageMs } of history) {
          const quantised = quantisePose({ ...pose, ...partsLike(first.parts, pose) });
          const [update] = reader.read(writer.write([{ handle, pose: quantised, teleported, ageMs }]));
          expect(update).toEqual({ handle, pose: quantised, teleported, ageMs: expect.any(Number) });
          const toldMs = update?.ageMs ?? Number.NaN;
          if (ageMs < 4080) expect(Math.abs(toldMs - ageMs)).toBeLessThanOrEqual(ageMs < 58 ? 2 : 8);
          else expect(toldMs).toBe(4080);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('says that a mover is out of sight, and all of it when it is back', () => {
    const pose = quantisePose(standing([1, 2, 3]));
    const reader = new PoseReader();
    reader.add(300, 0);
    const whole = writePoseUpdate({ handle: 300, pose, baseline: null, ageMs: 0 });
    reader.read(whole);
    expect(writeHidden(300).length).toBe(3);
    expect(reader.read(writeHidden(300))).toEqual([{ handle: 300, pose: null, ageMs: 0, teleported: false }]);
    const change = writePoseUpdate({ handle: 300, pose, baseline: pose, ageMs: 0 });
    expect(codeOf(() => reader.read(change))).toBe('malformed');
    expect(reader.read(whole)[0]?.pose).toEqual(pose);
  });

  test('is small: 16 bytes whole, three where a mover only goes on standing', () => {
    const pose = quantisePose({
      state: 'walk',
      body: { position: [4000, 12, -4000], rotation: [0.5, 0.5, -0.5, 0.5] },
    });
    const lengthOf = (handle: number, baseline: typeof pose | null) =>
      writePoseUpdate({ handle, pose, baseline, ageMs: 8 }).length;
    expect([1, 127, 128, 16_383].map((handle) => lengthOf(handle, null))).toEqual([15, 15, 16, 16]);
    expect(lengthOf(1, pose)).toBe(2);
    expect(lengthOf(16_383, pose)).toBe(3);
  });

  test('costs at most eight bytes on average for people who walk, at 20 Hz', () => {
    const handles = Array.from({ length: 200 }, (_, at) => at + 1);
    const writer = new PoseWriter();
    const counts = { bytes: 0, updates: 0, whole: 0 };
    for (let tick = 0; tick < 200; tick++)
      for (const handle of handles) {
        const pose = quantisePose(walker(handle, tick / 20));
        const { length } = writer.write([{ handle, pose, ageMs: (handle * 7) % 17 }]);
        if (tick === 0) {
          counts.whole = Math.max(counts.whole, length);
          continue;
        }
        counts.bytes += length;
        counts.updates += 1;
      }
    expect(counts.whole).toBeLessThanOrEqual(16);
    expect(counts.bytes / counts.updates).toBeLessThanOrEqual(8);

    expect(counts.bytes / counts.updates).toBeGreaterThan(5);
  });
});

describe('[PO4] whatever bytes come as poses', () => {
  const known = (): PoseReader => {
    const reader = new PoseReader();
    for (let handle = 1; handle <= 8; handle++) reader.add(handle, handle - 1);
    return reader;
  };

  test('reading them throws nothing but a ProtocolError, and gives what can be written again', () => {
    const history = fc.array(poses, { minLength: 1, maxLength: 3 }).chain((list) => {
      const writer = new PoseWriter();
      const frames = list.map((pose) => {
        const quantised = quantisePose(pose);
        return writer.write([{ handle: quantised.parts + 1, pose: quantised, ageMs: 0 }]);
      });
      const last = frames.at(-1) ?? new Uint8Array();
      return mutated(last).map((bytes) => ({ frames: frames.slice(0, -1), bytes }));
    });
    const any = fc.uint8Array({ maxLength: 200 }).map((bytes) => ({ frames: [], bytes }));
    fc.assert(
      fc.property(fc.oneof(history, any), ({ frames, bytes }) => {
        const reader = known();
        for (const frame of frames) reader.read(frame);
        try {
          for (const { handle, pose, ageMs, teleported } of reader.read(bytes)) {
            if (pose === null) continue;
            const again = known();
            const wrote = writePoseUpdate({ handle, pose, baseline: null, ageMs, teleported });
            expect(again.read(wrote)[0]?.pose).toEqual(pose);
            for (const number of poseOf(pose).body.rotation) expect(Number.isFinite(number)).toBe(true);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
      { numRuns: 5000 },
    );
  });

  test('a frame that is refused changes nothing', () => {
    const [a, b] = [quantisePose(standing([1, 0, 0])), quantisePose(standing([1.25, 0, 0]))];
    const reader = new PoseReader();
    reader.add(1, 0);
    reader.add(2, 0);
    reader.read(writePoseUpdate({ handle: 1, pose: a, baseline: null, ageMs: 0 }));
    const change = writePoseUpdate({ handle: 1, pose: b, baseline: a, ageMs: 0 });
    const early = writePoseUpdate({ handle: 2, pose: b, baseline: a, ageMs: 0 });
    expect(codeOf(() => reader.read(Uint8Array.from([...change, ...early])))).toBe('malformed');
    expect(reader.read(change)[0]?.pose).toEqual(b);
  });

  test('what nobody announced, what comes twice, and what is longer than it need be are refused', () => {
    const pose = quantisePose(standing([0, 0, 0]));
    const whole = writePoseUpdate({ handle: 1, pose, baseline: null, ageMs: 0 });
    const read = (...bytes: number[]) => codeOf(() => known().read(Uint8Array.from(bytes)));
    expect(read(...whole)).toBeNull();
    expect(read()).toBeNull();
    expect(read(...whole, ...whole)).toBe('malformed');
    expect(read(9, ...whole.subarray(1))).toBe('malformed');
    expect(read(0, ...whole.subarray(1))).toBe('malformed');
    expect(read(0x81, 0x00, ...whole.subarray(1))).toBe('malformed');
    expect(read(0x81, 0x80, 0x80, 0x80, 0x00, ...whole.subarray(1))).toBe('malformed');
    expect(read(...whole.subarray(0, -1))).toBe('malformed');
    expect(read(...whole.subarray(0, -1), (whole.at(-1) ?? 0) | 1)).toBe('malformed');
    const gone = known();
    gone.remove(1);
    expect(codeOf(() => gone.read(whole))).toBe('malformed');
  });

  test('changes do not lead out of the world, nor to a rotation that is none', () => {
    const edge = quantisePose(standing([MAX_POSE_METRES - 0.01, 0, 0]));
    const beyond = {
      ...edge,
      numbers: Int32Array.from(edge.numbers, (each, at) => (at === 0 ? each + 100 : each)),
    };
    const twisted = { ...edge, numbers: Int32Array.of(0, 0, 0, 3, 511, 511, 511) };
    const reader = new PoseReader();
    reader.add(1, 0);
    reader.read(writePoseUpdate({ handle: 1, pose: edge, baseline: null, ageMs: 0 }));
    for (const pose of [beyond, twisted])
      expect(codeOf(() => reader.read(writePoseUpdate({ handle: 1, pose, baseline: edge, ageMs: 0 })))).toBe(
        'malformed',
      );
  });
});

test('[PO5] a time of sixteen bits is the nearest one to the clock', () => {
  const nowMs = 1_752_164_544_123;
  for (const ms of [
    nowMs,
    nowMs - 1,
    nowMs + 1,
    nowMs - 30_000,
    nowMs + 30_000,
    nowMs - 32_768,
    nowMs + 32_767,
  ])
    expect(relayTimeOf(poseTime(ms), nowMs)).toBe(ms);
  expect(relayTimeOf(poseTime(nowMs + 40_000), nowMs)).toBe(nowMs + 40_000 - 65_536);
});

/** Somebody who walks in circles at 1.4 m/s, sways a little, and looks about. */
function walker(who: number, seconds: number): MoverPose {
  const radius = 4 + (who % 17);
  const angle = (1.4 / radius) * seconds + who;
  const yaw = angle + 0.1 * Math.sin(2 * seconds + who);
  return {
    body: {
      position: [
        (who % 20) * 3 + radius * Math.cos(angle),
        0.03 * Math.abs(Math.sin(6 * seconds + who)),
        (who / 20) * 3 + radius * Math.sin(angle),
      ],
      rotation: [0, Math.sin(yaw / 2), 0, Math.cos(yaw / 2)],
    },
    state: 'walk',
  };
}

/** The same pose with just those parts. */
function partsLike(parts: number, { body, head, left, right }: MoverPose) {
  const part = (bit: number, own: PartPose | undefined) => ((parts & bit) === 0 ? undefined : (own ?? body));
  return { head: part(1, head), left: part(2, left), right: part(4, right) };
}
