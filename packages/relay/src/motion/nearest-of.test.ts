import { quantisePose } from '@weft/protocol';
import { SeededRandom } from '@weft/testing';
import { expect, test } from 'vitest';
import { Mover } from './mover.ts';
import { nearestOf, Sight } from './nearest-of.ts';

const UPRIGHT = [0, 0, 0, 1] as const;
const MIDDLE = { x: 0, y: 0, z: 0 };

function mover(handle: number, x: number, z: number): Mover {
  const made = new Mover({ handle, slot: handle, session: handle, object: null, parts: 0 });
  made.hear(quantisePose({ body: { position: [x, 0, z], rotation: UPRIGHT } }), 0, false);
  made.release(0, 50);
  return made;
}

test('[MO10] the nearest are found among many, but for some that are about as far as the last', () => {
  const random = new SeededRandom('nearest');
  const movers = Array.from({ length: 1000 }, (_, at) =>
    mover(at + 1, random.between(-200, 200), random.between(-200, 200)),
  );
  const distance = ({ pose }: Mover): number => Math.hypot(pose?.numbers[0] ?? 0, pose?.numbers[2] ?? 0);
  const sorted = movers.toSorted((a, b) => distance(a) - distance(b));
  const found = nearestOf(MIDDLE, new Sight(movers), 48);
  expect(found).toHaveLength(48);
  for (const each of sorted.slice(0, 30)) expect(found).toContain(each);
  expect(Math.max(...found.map(distance))).toBeLessThanOrEqual(1.2 * distance(sorted[47] ?? mover(0, 0, 0)));
});

test('[MO10] all are found where there are few, at any distance, also of whom nothing was told', () => {
  const silent = new Mover({ handle: 9, slot: 9, session: 9, object: null, parts: 0 });
  const movers = [mover(1, 0, 0), mover(2, -4095, 4095), silent];
  expect(nearestOf(MIDDLE, new Sight(movers), 48)).toEqual(movers);
  expect(nearestOf(MIDDLE, new Sight(movers), 1)).toEqual([movers[0]]);
  expect(nearestOf(MIDDLE, new Sight([]), 48)).toEqual([]);
});
