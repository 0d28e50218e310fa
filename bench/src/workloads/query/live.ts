import { LiveQuery, type LiveQueryForm, newActorId, parsePath, patchOf, query, timeFromMs } from '@weft/core';
import { SeededRandom } from '@weft/testing';
import type { QueriedWorld } from './world.ts';

const START_MS = Date.UTC(2026, 0, 1, 12);
const AUTHOR = newActorId((length) => new Uint8Array(length).fill(1));
const WARM_UP_CHANGES = 200;
const METRES = 60;

const LIVE: Readonly<Record<string, LiveQueryForm>> = {
  kind: { kind: 'lamp' },
  where: { where: { 'light.intensity': { $gt: 4 } } },
  'box in space': { within: { box: { min: [0, 0, 0], max: [30, 10, 30] } } },
  nearest: { nearest: { to: [30, 0, 30], k: 10 } },
  'sorted page': { kind: 'light', sort: { 'light.intensity': -1 }, limit: 20 },
  selector: { select: 'lamp > light[light|color]' },
};

/** Microseconds to take one change into the result of each live query; lamps move and shine among thousands of others. */
export function* liveSamples(
  { replica, scene }: QueriedWorld,
  seed: string,
  count: number,
): Generator<{ readonly name: string; readonly samples: readonly number[] }> {
  const random = new SeededRandom(`live/${seed}`);
  const lights = query(scene, { component: 'light' }, { maxCost: Number.POSITIVE_INFINITY }).ids;
  let at = 0;
  for (const [name, form] of Object.entries(LIVE)) {
    const live = new LiveQuery(scene, form, { maxCost: Number.POSITIVE_INFINITY });
    const samples: number[] = [];
    for (let change = -WARM_UP_CHANGES; change < count; change += 1) {
      at += 1;
      const stamp = { time: timeFromMs(START_MS + at), actor: AUTHOR };
      const id = random.pick(lights);
      const place = Object.freeze([random.between(-METRES, METRES), 0, random.between(-METRES, METRES)]);
      const patch = patchOf({
        registers: [
          { id, path: parsePath('light.intensity'), register: { value: random.below(8), stamp } },
          { id, path: parsePath('transform.position'), register: { value: place, stamp } },
        ],
      });
      const changeSet = replica.receive(patch, 'live');
      const startedMs = performance.now();
      live.apply(changeSet);
      const us = (performance.now() - startedMs) * 1000;
      if (change >= 0) samples.push(us);
    }
    const again = query(scene, form, { maxCost: Number.POSITIVE_INFINITY }).ids;
    if (again.join() !== live.ids.join())
      throw new Error(`query: live ${name} is not what asking again gives`);
    yield { name, samples };
  }
}
