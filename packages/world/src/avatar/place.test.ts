import type { ObjectId } from '@weft/core';
import { SeededRandom } from '@weft/testing';
import { expect, test } from 'vitest';
import { TwinWorlds } from '../../test/twin-worlds.ts';
import { placeOf, rotationOf, transformUnder } from './place.ts';

/** The same turn, whichever sign it is written with. */
function areAlike(a: readonly number[], b: readonly number[]): boolean {
  return Math.abs(a.reduce((sum, each, at) => sum + each * (b[at] ?? 0), 0)) > 1 - 1e-9;
}

test('[AV16] a transform under any parent puts an object where it was carried, and leaves its scale', async () => {
  const random = new SeededRandom('places');
  const twin = new TwinWorlds();
  const world = await twin.create('ann');
  const some = (bound: number) => random.between(-bound, bound);
  const rotation = (): [number, number, number, number] => {
    const [x, y, z, w] = [some(1), some(1), some(1), some(1)];
    const length = Math.hypot(x, y, z, w);
    return [x / length, y / length, z / length, w / length];
  };
  const point = (bound: number): [number, number, number] => [some(bound), some(bound), some(bound)];
  for (let round = 0; round < 50; round += 1) {
    const size = random.between(0.1, 4);
    const { value: id } = world.edit('add', (draft) => {
      const parent = draft.add({
        transform: { position: point(90), rotation: rotation(), scale: [size, size, size] },
      });
      return draft.add({ parent, transform: { scale: [1, 2, 3] } });
    });
    const place = { position: point(50), rotation: rotation() };
    const parent = world.get(world.get(id)?.parent ?? ('none' as ObjectId));
    world.edit('put', (draft) =>
      draft.set(id, { transform: transformUnder(parent?.worldMatrix ?? [], place) }),
    );
    const put = world.get(id);
    const now = put === undefined ? null : placeOf(put);
    for (const axis of [0, 1, 2]) expect(now?.position[axis]).toBeCloseTo(place.position[axis] ?? 0, 6);
    expect(put?.transform?.scale).toEqual([1, 2, 3]);
    // Under an even scale the turn is exact; the object’s own scale is none of it.
    expect(areAlike(rotationOf(put?.worldMatrix ?? []), place.rotation)).toBe(true);
  }
  await twin.run(world.close());
});

test('[AV16] a parent without extent, and a matrix that is none, turn nothing and break nothing', () => {
  const flat = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
  const place = { position: [1, 2, 3], rotation: [0, 0, 0, 1] } as const;
  expect(transformUnder(flat, place)).toEqual({ position: [0, 0, 0], rotation: [0, 0, 0, 1] });
  expect(rotationOf(flat)).toEqual([0, 0, 0, 1]);
  expect(rotationOf(flat.map(() => Number.NaN))).toEqual([0, 0, 0, 1]);
});
