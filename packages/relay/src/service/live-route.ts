import type { ServerResponse } from 'node:http';
import { type LiveDelta, LiveQuery, type Scene, type Timers, type UserId, WeftError } from '@weft/core';
import { EventStream } from './event-stream.ts';
import { objectJson } from './object-json.ts';
import { bounded } from './query-route.ts';
import type { ServedWorld } from './served-world.ts';
import type { ServiceLimits } from './service-limits.ts';

export interface LiveOptions {
  readonly served: ServedWorld;
  readonly user: UserId;
  /** When the session of the service ends, in milliseconds since the epoch. */
  readonly expiresMs: number;
  readonly limits: ServiceLimits;
  readonly timers: Timers;
}

/**
 * Follows a query for a service: `state` with all that it finds, then a `delta` whenever that changes, and `end` with the
 * reason. A slow reader gets several deltas in one. Resolves when it is over.
 *
 * @throws WeftError `invalid-query`, `limit`, before anything is answered
 */
export async function answerLive(
  response: ServerResponse,
  what: object,
  options: LiveOptions,
): Promise<void> {
  const { served, user, expiresMs, limits, timers } = options;
  const { world } = served;
  const { scene } = world.replica;
  const live = new LiveQuery(scene, bounded(what, limits.queryResults), { maxCost: limits.queryCost });
  const stream = new EventStream(response, timers);
  let reason = 'closed';
  const end = (why: string): void => {
    reason = why;
    live.stop();
  };
  const stops = [
    world.onChange((change) => {
      try {
        live.apply(change);
      } catch (error) {
        if (!(error instanceof WeftError)) throw error;
        end(error.message);
      }
    }),
    world.onStanding(() => {
      if (world.access(user) === null) end('You are not in this world any more.');
    }),
    timers.after(Math.max(0, expiresMs - timers.now()), () =>
      end('The session has expired: exchange a new ticket.'),
    ),
  ];
  void stream.ended.then(() => live.stop());
  try {
    await stream.send('state', { objects: live.value.map(objectJson) });
    for await (const delta of live) await stream.send('delta', deltaJson(delta, scene));
    await stream.send('end', { reason });
  } catch (error) {
    if (!(error instanceof WeftError)) throw error;
    await stream.send('end', { reason: error.message });
  } finally {
    for (const stop of stops) stop();
    stream.close();
  }
}

/** What entered and changed as it is now; what has left since will be told next. */
function deltaJson({ leave, enter, change }: LiveDelta, scene: Scene): object {
  const shown = (id: Parameters<Scene['get']>[0]) => {
    const object = scene.get(id);
    return object === undefined ? [] : [object];
  };
  return {
    leave,
    enter: enter.flatMap(shown).map(objectJson),
    change: [...change].flatMap(([id, { paths }]) =>
      shown(id).map((object) => ({ paths, object: objectJson(object) })),
    ),
  };
}
