import { type ObjectId, parseObjectId, parsePath } from '@weft/core';
import { propertySettings, SeededRandom } from '@weft/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SimLanes } from './sim-lanes.ts';

const PATHS = ['node.name', 'light.intensity', 'acme:part.a'].map(parsePath);
const IDS = Array.from({ length: 8 }, (_, at) => parseObjectId(`object-${at}`));
/** The relay's own suite kills a process a hundred times; here each costs a new hello of everybody. */
const KILLS = 30;
/** How soon everybody is live again after the last relay came back. */
const BACK_MS = 5_000;

type Step =
  | { readonly kind: 'edit'; readonly client: number; readonly object: number; readonly path: number }
  | { readonly kind: 'burst'; readonly client: number; readonly count: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'kill'; readonly relay: number }
  | { readonly kind: 'start'; readonly relay: number }
  | { readonly kind: 'cut'; readonly client: number; readonly relay: number }
  | { readonly kind: 'block'; readonly client: number; readonly relay: number }
  | { readonly kind: 'unblock' };

const client = fc.nat(2);
const relay = fc.nat(1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('edit' as const), client, object: fc.nat(7), path: fc.nat(2) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('burst' as const),
      client,
      count: fc.integer({ min: 2, max: 40 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 3_000 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('kill' as const), relay }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('start' as const), relay }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), client, relay }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('block' as const), client, relay }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'unblock' as const }) },
);

async function play(lanes: SimLanes, one: Step, value: () => number): Promise<void> {
  switch (one.kind) {
    case 'edit': {
      const [id, path] = [IDS[one.object], PATHS[one.path]];
      if (id !== undefined && path !== undefined) lanes.client(one.client).set(id, path, value());
      return;
    }
    case 'burst':
      for (let at = 0; at < one.count; at += 1)
        lanes.client(one.client).set(`burst-${value()}` as ObjectId, PATHS[0] ?? expect.fail(), value());
      return;
    case 'wait':
      return lanes.timers.advance(one.ms);
    case 'kill':
      if (lanes.relay(one.relay).isRunning) lanes.relay(one.relay).kill();
      return;
    case 'start':
      if (!lanes.relay(one.relay).isRunning) await lanes.relay(one.relay).start();
      return;
    case 'cut':
      lanes.network.cut(lanes.client(one.client).name, lanes.url(one.relay));
      return;
    case 'block':
      lanes.network.block(lanes.client(one.client).name, lanes.url(one.relay));
      return;
    case 'unblock':
      lanes.network.unblockAll();
  }
}

async function heal(lanes: SimLanes): Promise<void> {
  lanes.network.unblockAll();
  for (const each of lanes.relays.values()) if (!each.isRunning) await each.start();
}

test('[LV10] whatever relays and connections do: what was held is there, everybody shows the same, and is back in five seconds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), fc.nat(), async (steps, seed) => {
      const lanes = await SimLanes.open({ seed, relays: 2, clients: 3 });
      let last = 0;
      const value = () => {
        last += 1;
        return last;
      };
      for (const one of steps) await play(lanes, one, value);
      await heal(lanes);
      await lanes.untilLive(BACK_MS);
      // Doubts are over, lanes of choice are back, and what was sent again has come.
      await lanes.timers.advance(40_000);
      expect(lanes.missing()).toEqual([]);
      expect(lanes.areEqual).toBe(true);
      for (const { refused } of lanes.clients) expect(refused).toEqual([]);
      await lanes.close();
      expect(lanes.timers.pending).toBe(0);
      expect(lanes.network.connections).toBe(0);
    }),
    propertySettings(40),
  );
});

test('[LV10] a relay that is killed thirty times amid bursts loses nothing that it said to hold', async () => {
  const lanes = await SimLanes.open({ seed: 'kills', relays: 1, clients: 3 });
  const random = new SeededRandom('kills');
  let value = 0;
  const backMs: number[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    for (let at = 0; at < 10; at += 1) {
      for (const each of lanes.clients) {
        value += 1;
        each.set(random.pick(IDS), random.pick(PATHS), value);
      }
      await lanes.timers.advance(random.below(8));
    }
    lanes.relay(0).kill();
    await lanes.timers.advance(random.below(600));
    await lanes.relay(0).start();
    backMs.push(await lanes.untilLive(BACK_MS));
    await lanes.timers.advance(random.below(500));
  }
  await lanes.timers.advance(20_000);
  const held = lanes.clients.reduce((sum, each) => sum + each.held.length, 0);
  expect(held).toBeGreaterThan(KILLS * 5);
  expect(lanes.missing()).toEqual([]);
  expect(lanes.areEqual).toBe(true);
  expect(lanes.relay(0).runs).toBe(KILLS + 1);
  expect(Math.max(...backMs)).toBeLessThanOrEqual(BACK_MS);
  await lanes.close();
});
