import type { MoverPose } from '@weft/protocol';
import { describe, expect, test } from 'vitest';
import { blend, onward } from './blend.ts';

const UPRIGHT = [0, 0, 0, 1] as const;
/** A quarter turn about the height. */
const QUARTER = [0, Math.SQRT1_2, 0, Math.SQRT1_2] as const;

const at = (x: number, more: Partial<MoverPose> = {}): MoverPose => ({
  body: { position: [x, 0, 0], rotation: UPRIGHT },
  ...more,
});

describe('between two poses', () => {
  test('[AV1] positions lie on a line, and all parts go along', () => {
    const head = (x: number) => ({ position: [x, 1.6, 0] as const, rotation: UPRIGHT });
    const mid = blend(at(1, { head: head(1), state: 'walk' }), at(3, { head: head(3.5) }), 0.25, 50);
    expect(mid.body.position).toEqual([1.5, 0, 0]);
    expect(mid.head?.position).toEqual([1.625, 1.6, 0]);
    expect(mid.state).toBe('walk');
    expect(blend(at(1, { head: head(1) }), at(3), 0.5, 50).head).toEqual(head(1));
  });

  test('[AV1] velocities at both ends make a curve with those, which begins and ends where it has to', () => {
    const [from, to] = [at(0, { velocity: [2, 0, 0] }), at(0.1, { velocity: [0, 0, 4] })];
    const x = (share: number) => blend(from, to, share, 100).body.position[0];
    const z = (share: number) => blend(from, to, share, 100).body.position[2];
    expect([x(0), z(0), x(1), z(1)]).toEqual([0, 0, 0.1, 0]);
    const perSecond = (f: (share: number) => number, share: number) => (f(share + 1e-6) - f(share)) / 1e-7;
    expect(perSecond(x, 0)).toBeCloseTo(2, 3);
    expect(perSecond(z, 0)).toBeCloseTo(0, 3);
    expect(perSecond(x, 1 - 1e-6)).toBeCloseTo(0, 3);
    expect(perSecond(z, 1 - 1e-6)).toBeCloseTo(4, 3);
    expect(x(0.5)).toBeCloseTo(0.05 + 0.125 * 0.2, 10);
  });

  test('[AV1] rotations go the short way at an even speed, whatever the sign', () => {
    const turned = (rotation: readonly [number, number, number, number]): MoverPose => ({
      body: { position: [0, 0, 0], rotation },
    });
    const angle = (pose: MoverPose) => 2 * Math.atan2(pose.body.rotation[1], pose.body.rotation[3]);
    const minus = [-0, -Math.SQRT1_2, -0, -Math.SQRT1_2] as const;
    for (const end of [QUARTER, minus])
      for (const share of [0, 0.25, 0.5, 1])
        expect(angle(blend(turned(UPRIGHT), turned(end), share, 50))).toBeCloseTo((share * Math.PI) / 2);
    const close = blend(turned(UPRIGHT), turned([0, 0.001, 0, 1]), 0.5, 50).body.rotation;
    expect(Math.hypot(...close)).toBeCloseTo(1, 12);
    const none = blend(turned([0, 0, 0, 0]), turned([0, 0, 0, 0]), 0.5, 50).body.rotation;
    expect(none.every(Number.isFinite)).toBe(true);
  });

  test('[AV3] onward all parts go as fast as the body', () => {
    const head = { position: [1, 1.6, 0] as const, rotation: QUARTER };
    const pose = onward(at(1, { head }), [2, 0, -4], 250);
    expect([pose.body.position, pose.head]).toEqual([
      [1.5, 0, -1],
      { position: [1.5, 1.6, -1], rotation: QUARTER },
    ]);
  });
});
