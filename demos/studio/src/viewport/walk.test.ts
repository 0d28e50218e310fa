import type { ObjectId } from '@weft/core';
import { Vector3 } from 'three';
import { describe, expect, test } from 'vitest';
import { WalkGround } from './walk-ground.ts';
import { WalkKeys } from './walk-keys.ts';

const CRATE = 'crate' as ObjectId;
const NOTHING: ReadonlySet<ObjectId> = new Set();

/** A floor with a step of 0.4 m at x 2, a wall at x 4, and a crate at x 1 that is in the way at z 5. */
function ground() {
  return new WalkGround({
    cast(from, direction, far, except = NOTHING) {
      const at = (metres: number, point: Vector3) =>
        metres >= 0 && metres <= far ? { id: CRATE, point } : null;
      if (direction.y < 0) {
        const top = from.x < 2 ? 0 : 0.4;
        return at(from.y - top, new Vector3(from.x, top, from.z));
      }
      const wall = direction.x <= 0 ? null : at((4 - from.x) / direction.x, new Vector3(4, from.y, from.z));
      if (wall !== null || except.has(CRATE) || from.z !== 5 || direction.x <= 0) return wall;
      return at(1 - from.x, new Vector3(1, from.y, from.z));
    },
  });
}

describe('whoever walks', () => {
  test('[AV26] goes up and down steps, stops before walls, and goes along them', () => {
    const at = new Vector3(0, 0, 0);
    ground().go(at, 1, 0.5, NOTHING);
    expect(at.toArray()).toEqual([1, 0, 0.5]);
    ground().go(at, 1.5, 0, NOTHING);
    expect(at.toArray()).toEqual([2.5, 0.4, 0.5]);
    ground().go(at, 1.4, 0, NOTHING);
    expect(at.toArray()).toEqual([2.5, 0.4, 0.5]);
    ground().go(at, 1.4, 0.25, NOTHING);
    expect(at.toArray()).toEqual([2.5, 0.4, 0.75]);
    ground().go(at, -1, 0, NOTHING);
    expect(at.toArray()).toEqual([1.5, 0, 0.75]);
  });

  test('[AV26] is not in the way of what they carry themselves', () => {
    const at = new Vector3(0, 0, 5);
    ground().go(at, 1.5, 0, NOTHING);
    expect(at.x).toBe(0);
    ground().go(at, 1.5, 0, new Set([CRATE]));
    expect(at.x).toBe(1.5);
  });

  test('[AV26] goes by the keys that are held, wherever they are on a keyboard, until they are let go', () => {
    const keys = new WalkKeys();
    const key = (code: string, shiftKey = false) => ({ code, shiftKey });
    expect(keys.wish).toBeNull();
    expect([keys.down(key('KeyW')), keys.down(key('KeyK'))]).toEqual([true, false]);
    expect(keys.wish).toEqual({ across: 0, ahead: 1, fast: false });
    keys.down(key('ArrowRight', true));
    expect(keys.wish).toEqual({ across: 1, ahead: 1, fast: true });
    keys.down(key('KeyS', true));
    expect(keys.wish).toMatchObject({ across: 1, ahead: 0 });
    for (const code of ['KeyW', 'KeyS', 'ArrowRight']) keys.up(key(code));
    expect(keys.wish).toMatchObject({ across: 1, ahead: 0 });
    keys.took();
    expect(keys.wish).toBeNull();
    keys.down(key('KeyA'));
    keys.clear();
    expect(keys.wish).toBeNull();
  });
});
