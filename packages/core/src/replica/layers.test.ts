import { expect, test } from 'vitest';
import { isActorId, type ObjectId, parsePath } from '../ids.ts';
import { timeFromMs } from '../stamp/stamp.ts';
import { layersOf } from './layers.ts';

const NAME = parsePath('node.name');
const ID = 'chair' as ObjectId;

test('[B10] registers of one place are taken back one after the other', () => {
  const entries = [1, 3, 2].flatMap((time) => {
    const actor = `actor-00${time}`;
    return isActorId(actor)
      ? [{ id: ID, path: NAME, register: { value: time, stamp: { time: timeFromMs(time), actor } } }]
      : [];
  });
  expect(entries).toHaveLength(3);
  const layers = layersOf(entries);
  expect(layers.map((layer) => layer.get(ID)?.get(NAME))).toEqual(entries.map(({ register }) => register));
  expect(layersOf([])).toEqual([]);
});
