import { MAX_POSE_SPEED, type MoverPose } from '@weft/protocol';
import { SeededRandom } from '@weft/testing';
import { describe, expect, test } from 'vitest';
import {
  CLOCK_SET_MS,
  MAX_EXTRAPOLATION_MS,
  MAX_POSE_AGE_MS,
  MAX_POSE_LEAD_MS,
  MAX_TRACK_POSES,
  MoverTrack,
  SETTING_OUT_MS,
} from './mover-track.ts';

const START_MS = 1_752_164_544_123;
const INTERVAL_MS = 50;
const WAY_MS = 10;

const at = (x: number, more: Partial<MoverPose> = {}): MoverPose => ({
  body: { position: [x, 0, 0], rotation: [0, 0, 0, 1] },
  ...more,
});

/** A track on which somebody walked along x at a speed, as told every 50 ms. */
function walked(ms: number, speed = 2): MoverTrack {
  const track = new MoverTrack();
  for (let since = 0; since <= ms; since += INTERVAL_MS)
    track.add(START_MS + since, at((speed * since) / 1000), false, START_MS + since + WAY_MS);
  return track;
}

const x = (track: MoverTrack, ms: number): number | undefined =>
  track.poseAt(START_MS + ms)?.body.position[0];

/** What is shown of a moment that is played now. */
const shown = (track: MoverTrack, ms: number) => x(track, ms + track.delayMs);

describe('where a mover was', () => {
  test('[AV1] is between what was told, smooth and never ahead, whatever the way did', () => {
    const random = new SeededRandom('walk');
    const track = new MoverTrack();
    let [arrivalMs, lastX] = [0, 0];
    for (let since = 0; since <= 20_000; since += INTERVAL_MS) {
      arrivalMs = Math.max(arrivalMs, since + random.between(5, 40));
      track.add(START_MS + since, at((2 * since) / 1000), false, START_MS + arrivalMs);
      for (let ms = arrivalMs; ms < since + INTERVAL_MS; ms += 16) {
        const now = x(track, ms) ?? Number.NaN;
        if (since > 3_000) {
          expect(now).toBeGreaterThanOrEqual(lastX - 1e-9);
          expect(now - lastX).toBeLessThan(2 * 0.09);
          expect(now).toBeCloseTo((2 * (ms - track.delayMs)) / 1000, 6);
        }
        lastX = now;
      }
    }
  });

  test('[AV3] goes on for 200 ms beyond what was told, at the speed that was seen or told, and no further', () => {
    const seen = walked(1_000);
    expect(shown(seen, 1_000 + MAX_EXTRAPOLATION_MS)).toBeCloseTo(2.4);
    expect(shown(seen, 1_000 + MAX_EXTRAPOLATION_MS + 1)).toBeCloseTo(2.4);
    expect(shown(seen, 60_000)).toBeCloseTo(2.4);
    const told = new MoverTrack();
    told.add(START_MS, at(0, { velocity: [3, 0, 0] }), false, START_MS);
    expect(shown(told, 100)).toBeCloseTo(0.3);
    expect(shown(told, MAX_EXTRAPOLATION_MS + 1)).toBeCloseTo(0.6);
    const alone = new MoverTrack();
    alone.add(START_MS, at(1), false, START_MS);
    expect(shown(alone, 100)).toBe(1);
  });

  test('[AV3] is not beyond where it came to rest', () => {
    const track = walked(1_000);
    track.add(START_MS + 1_050, at(2.05, { resting: true }), false, START_MS + 1_060);
    expect(shown(track, 1_250)).toBe(2.05);
    expect(shown(track, 9_000)).toBe(2.05);
  });

  test('[AV1] stays at rest until shortly before the first word of setting out', () => {
    const track = new MoverTrack();
    track.add(START_MS, at(1, { resting: true }), false, START_MS);
    track.add(START_MS + 5_000, at(1.2), false, START_MS + 5_010);
    expect(shown(track, 5_000 - SETTING_OUT_MS)).toBe(1);
    expect(shown(track, 5_000 - SETTING_OUT_MS / 2)).toBeCloseTo(1.1);
    expect(shown(track, 5_000)).toBeCloseTo(1.2);
  });

  test('[AV4] jumps where it was teleported, and where nobody could have gone so far', () => {
    const track = walked(1_000);
    track.add(START_MS + 1_050, at(3), true, START_MS + 1_060);
    expect(shown(track, 1_049)).toBeCloseTo(2);
    expect(shown(track, 1_050)).toBe(3);
    // It is not thought to go on as fast as it jumped.
    expect(shown(track, 1_150)).toBe(3);
    const reach = (2 * MAX_POSE_SPEED * INTERVAL_MS) / 1000;
    for (const [metres, isJump] of [
      [reach, false],
      [reach + 0.01, true],
    ] as const) {
      const fast = walked(1_000, 0);
      fast.add(START_MS + 1_050, at(metres), false, START_MS + 1_060);
      expect(shown(fast, 1_025)).toBeCloseTo(isJump ? 0 : metres / 2);
    }
  });

  test('[AV4] is nowhere while it is out of sight, and jumps to where it is seen again', () => {
    const track = walked(1_000);
    track.add(START_MS + 1_050, null, false, START_MS + 1_060);
    expect(shown(track, 1_049)).toBeCloseTo(2);
    expect(shown(track, 1_050)).toBeUndefined();
    track.add(START_MS + 3_000, at(5), false, START_MS + 3_010);
    expect(shown(track, 2_999)).toBeUndefined();
    expect(shown(track, 3_000)).toBe(5);
    expect(new MoverTrack().poseAt(START_MS)).toBeNull();
  });

  test('[AV5] shows at once whom a newcomer is told of, however long ago that was', () => {
    const track = new MoverTrack();
    track.add(START_MS - 4_000, at(7, { resting: true }), false, START_MS);
    expect(x(track, 0)).toBe(7);
  });

  test('[AV6] a clock that is wrong, set back or forth does not stop a mover', () => {
    for (const skewMs of [-3_600_000, -MAX_POSE_AGE_MS - 1, MAX_POSE_LEAD_MS + 1, 3_600_000]) {
      const track = walked(1_000);
      for (let since = 1_050; since <= 3_000; since += INTERVAL_MS)
        track.add(START_MS + since + skewMs, at((2 * since) / 1000), false, START_MS + since + WAY_MS);
      expect(x(track, 3_000 + 600)).toBeGreaterThan(5);
      for (let since = 3_050; since <= 6_000; since += INTERVAL_MS)
        track.add(START_MS + since, at((2 * since) / 1000), false, START_MS + since + WAY_MS);
      expect(shown(track, 6_000)).toBeCloseTo(12);
    }
  });

  test('[AV6] what claims to be a little older than what came counts, and what claims to be much older begins anew', () => {
    const late = walked(1_000);
    late.add(START_MS + 1_000 - CLOCK_SET_MS + 1, at(2.1), false, START_MS + 1_060);
    expect(shown(late, 1_000)).toBeCloseTo(2.1);
    const back = walked(1_000);
    back.add(START_MS + 1_000 - CLOCK_SET_MS, at(9), false, START_MS + 1_060);
    expect(shown(back, 900)).toBe(9);
    expect(back.newestMs).toBe(START_MS + 1_000 - CLOCK_SET_MS);
  });

  test(`[AV6] keeps ${MAX_TRACK_POSES} poses and no more, however many come`, () => {
    const fill = (count: number): MoverTrack => {
      const track = new MoverTrack();
      for (let n = 0; n < count; n += 1) track.add(START_MS + n, at(n / 1000), false, START_MS + n);
      return track;
    };
    expect(fill(MAX_TRACK_POSES).poseAt(START_MS - 1_000)?.body.position[0]).toBe(0);
    expect(fill(MAX_TRACK_POSES + 1).poseAt(START_MS - 1_000)?.body.position[0]).toBe(0.001);
  });
});
