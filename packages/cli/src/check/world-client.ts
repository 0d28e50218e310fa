import { hexFromLinear, linearFromHex } from '@weft/core';
import type { Edit, ObjectId, World } from '@weft/world';
import { CommandError } from '../failure.ts';
import { LANE_DEADLINE_MS, type LaneClient, SAVED_DEADLINE_MS, SEEN_DEADLINE_MS } from './lane-client.ts';
import { waitFor, waitUntil } from './wait.ts';

/** A world in this process as a client that tries the lane. */
export function worldClient(name: string, world: World, paints: string | null): LaneClient {
  let last: Edit<void> | null = null;
  return {
    name,
    paints,
    async paint(colour) {
      const id = named(world, paints ?? '');
      const linear = linearFromHex(colour);
      if (linear === null) throw new TypeError(`${colour} is not #rrggbb`);
      const beganMs = now();
      last = world.edit('paint', (draft) => draft.set(id, { material: { baseColorFactor: [...linear, 1] } }));
      return beganMs;
    },
    untilHeld: async () => last?.held,
    async sees(object, colour) {
      const id = named(world, object);
      const what = `${object} in ${colour} at the ${name}`;
      await waitUntil(world, what, SEEN_DEADLINE_MS, () => colourOf(world, id) === colour);
      return now();
    },
    async untilLane(way) {
      const { status } = world;
      await waitFor((look) => status.subscribe(look), {
        isSo: () => (status.value.lane === 'relay') === (way === 'relay'),
        deadlineMs: LANE_DEADLINE_MS,
        failure: () =>
          `Waited ${LANE_DEADLINE_MS / 1000} s for the lane of the ${name} to be ${way}; it was ${status.value.lane}: ${status.value.laneDetail}`,
      });
      return status.value.laneDetail;
    },
    async untilSaved() {
      const { status } = world;
      await waitFor((look) => status.subscribe(look), {
        isSo: () => status.value.unsaved === 0,
        deadlineMs: SAVED_DEADLINE_MS,
        failure: () => `After ${SAVED_DEADLINE_MS / 1000} s ${status.value.unsaved} objects were unsaved.`,
      });
    },
    hash: async () => world.hash(),
  };
}

function named(world: World, name: string): ObjectId {
  const object = world.query({ name }).objects[0];
  if (object === undefined) throw new CommandError('check-failed', `The world has no "${name}".`);
  return object.id;
}

function colourOf(world: World, id: ObjectId): string {
  const [red = 0, green = 0, blue = 0] = world.get(id)?.material?.baseColorFactor ?? [];
  return hexFromLinear([red, green, blue]);
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
