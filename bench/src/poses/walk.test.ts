import { SeededRandom } from '@weft/testing';
import { expect, test } from 'vitest';
import { POSES_PER_SECOND } from './timetable.ts';
import { Walk } from './walk.ts';

const METRES = 20;

test('a walk is the same for the same seed, stays about its place, and has no two poses of a second alike', () => {
  const [walk, again] = [1, 2].map(() => new Walk(new SeededRandom('walk'), METRES));
  for (let at = 0; at < 20 * POSES_PER_SECOND; at++) {
    const pose = walk?.at(at / POSES_PER_SECOND);
    expect(pose).toEqual(again?.at(at / POSES_PER_SECOND));
    const [x = 0, , z = 0] = pose?.position ?? [];
    const [nx = 0, , nz = 0] = walk?.at((at + 1) / POSES_PER_SECOND).position ?? [];
    expect(Math.max(Math.abs(x), Math.abs(z))).toBeLessThan(METRES + 7);
    expect(Math.hypot(nx - x, nz - z)).toBeCloseTo(1.4 / POSES_PER_SECOND, 2);
  }
});
