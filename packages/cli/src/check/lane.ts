import type { ObjectId, World } from '@weft/world';
import { CommandError } from '../failure.ts';
import type { LocalRelay } from '../stack/local-relay.ts';
import type { Place } from '../stack/place.ts';
import type { CheckSteps } from './steps.ts';
import { waitFor, waitUntil } from './wait.ts';

const LANE_DEADLINE_MS = 30_000;
const SEEN_DEADLINE_MS = 20_000;

/** Edits over the relay as the builder, sees it as the visitor, and does the same while the relay is dead, and when it is back. */
export async function tryLane(
  steps: CheckSteps,
  relay: LocalRelay,
  place: Place,
  room: string,
): Promise<void> {
  const { openWorld } = await import('@weft/world');
  const login = ({ token }: { readonly token: string }) => ({
    login: { homeserver: place.homeserver, token },
  });
  if (place.visitor === null) throw new CommandError('check-failed', 'There is no visitor.');
  const builder = await openWorld(room, login(place.builder));
  const visitor = await openWorld(room, login(place.visitor));
  try {
    const lamp = lampOf(builder);
    await steps.run('lane', async () => {
      const foundMs = await timed(() => untilLane([builder, visitor], 'relay'));
      const seenMs = await timed(() => editAndSee(builder, visitor, lamp, 'Seen over the relay'));
      return {
        detail: `both were on it after ${foundMs} ms; an edit was seen after ${seenMs} ms`,
        value: null,
      };
    });
    await steps.run('relay killed', async () => {
      await relay.kill();
      const lostMs = await timed(() => untilLane([builder, visitor], 'not relay'));
      const seenMs = await timed(() => editAndSee(builder, visitor, lamp, 'Seen over Matrix'));
      return {
        detail: `both knew after ${lostMs} ms, and an edit was seen without it after ${seenMs} ms`,
        value: null,
      };
    });
    await steps.run('relay back', async () => {
      const backMs = await timed(() => untilLane([builder, visitor], 'relay'));
      const seenMs = await timed(() => editAndSee(builder, visitor, lamp, 'Seen over the relay again'));
      return {
        detail: `both were on it again after ${backMs} ms; an edit was seen after ${seenMs} ms`,
        value: null,
      };
    });
  } finally {
    await Promise.all([builder.close(), visitor.close()]);
  }
}

function lampOf(world: World): ObjectId {
  const object = world.query({ name: 'Lamp 1' }).objects[0];
  if (object === undefined) throw new CommandError('check-failed', 'The world has no lamp.');
  return object.id;
}

async function editAndSee(builder: World, visitor: World, lamp: ObjectId, name: string): Promise<void> {
  builder.edit('rename the lamp', (draft) => draft.set(lamp, { node: { name } }));
  await waitUntil(visitor, `"${name}" at the visitor`, SEEN_DEADLINE_MS, () => {
    return visitor.get(lamp)?.node?.name === name;
  });
}

async function untilLane(worlds: readonly World[], wanted: 'relay' | 'not relay'): Promise<void> {
  await Promise.all(
    worlds.map((world) => {
      const isSo = (): boolean => (world.status.value.lane === 'relay') === (wanted === 'relay');
      return untilStatus(world, isSo, wanted);
    }),
  );
}

function untilStatus({ status }: World, isSo: () => boolean, wanted: string): Promise<void> {
  const failure = () =>
    `Waited ${LANE_DEADLINE_MS / 1000} s for the lane to be ${wanted}; it was ${status.value.lane}: ${status.value.laneDetail}`;
  return waitFor((look) => status.subscribe(look), { isSo, deadlineMs: LANE_DEADLINE_MS, failure });
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return Math.round(performance.now() - startedMs);
}
