import { SeededRandom } from '@weft/testing';
import { describe, expect, test } from 'vitest';
import { TwinWorlds } from '../../test/twin-worlds.ts';
import type { World } from '../world.ts';
import { spawnPlace } from './spawn-place.ts';

const middle = () => 0;

async function withWorld(run: (world: World) => void): Promise<void> {
  const twin = new TwinWorlds();
  const world = await twin.create('ann');
  run(world);
  await twin.run(world.close());
}

const at = (
  world: World,
  id: string,
  x: number,
  spawn: { name?: string; default?: boolean; radius?: number },
) =>
  world.edit('spawn', (draft) =>
    draft.add({ id, transform: { position: [x, 1, 0] }, spawn: { radius: 0, ...spawn } }),
  );

describe('where somebody arrives', () => {
  test('[AV14] is the point of that name, else the default one, else the first one, else the middle', () =>
    withWorld((world) => {
      const x = (name: string | null) => spawnPlace(world.objects(), name, middle).position[0];
      expect(spawnPlace(world.objects(), 'north', middle)).toEqual({
        object: null,
        position: [0, 0, 0],
        rotation: [0, 0, 0, 1],
      });
      at(world, 'b', 2, {});
      at(world, 'a', 1, { name: 'south' });
      expect([x(null), x('north'), x('south')]).toEqual([1, 1, 1]);
      at(world, 'z', 26, { default: true });
      at(world, 'n', 14, { name: 'north' });
      expect([x(null), x('nowhere'), x('north')]).toEqual([26, 26, 14]);
      expect(spawnPlace(world.objects(), 'north', middle).object).toBe('n');
    }));

  test('[AV14] is spread evenly within the radius, upright, looking along -z of the point', () =>
    withWorld((world) => {
      const random = new SeededRandom('spread');
      world.edit('spawn', (draft) =>
        draft.add({
          // A quarter turn to the left, and fallen on its face.
          transform: {
            rotation: [0.2705980500730985, 0.6532814824381883, -0.27059805007309845, 0.6532814824381882],
          },
          spawn: { radius: 3 },
        }),
      );
      let within = 0;
      for (let n = 0; n < 2_000; n += 1) {
        const { position, rotation } = spawnPlace(world.objects(), null, () => random.float());
        const distance = Math.hypot(position[0], position[2]);
        expect([distance <= 3, position[1]]).toEqual([true, 0]);
        expect([rotation[0], rotation[2]]).toEqual([0, 0]);
        if (distance < 3 / Math.SQRT2) within += 1;
      }
      expect(within / 2_000).toBeCloseTo(0.5, 1);
      const { rotation } = spawnPlace(world.objects(), null, middle);
      expect(2 * Math.atan2(rotation[1], rotation[3])).toBeCloseTo(Math.PI / 2, 5);
    }));
});
