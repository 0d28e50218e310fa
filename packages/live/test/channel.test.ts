import { parseObjectId, parsePath } from '@weft/core';
import { expect, test } from 'vitest';
import { SimLanes } from './sim-lanes.ts';

const CHAIR = parseObjectId('chair');
const NAME = parsePath('node.name');

test('[LV9] an edit is seen by the others, and held once the relay keeps it', async () => {
  const lanes = await SimLanes.open({ clients: 3 });
  const [ann, bob] = [lanes.client(0), lanes.client(1)];
  ann.set(CHAIR, NAME, 'Chair');
  await lanes.timers.advance(200);
  expect(bob.replica.scene.get(CHAIR)?.node?.name).toBe('Chair');
  expect(ann.replica.stage(CHAIR)).toBe('held');
  expect(lanes.areEqual).toBe(true);
  await lanes.close();
  expect(lanes.timers.pending).toBe(0);
});
