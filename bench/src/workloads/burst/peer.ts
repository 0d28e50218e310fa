import { encodeObjectEvent, parseUserId } from '@weft/core';
import { district } from '../../scene/district.ts';
import { emptyRoom } from './floor.ts';
import { RawClient } from './raw-client.ts';
import { type Burst, type BurstReport, report } from './run.ts';

const TYPE = 'world.weft.object';

/** One state event an object, one after the other, as soon as the homeserver allows: what most programs do. */
export async function eventsBurst(burst: Burst): Promise<BurstReport> {
  const room = await emptyRoom(burst);
  const [author, reader] = [new RawClient(burst.author), new RawClient(burst.reader)];
  const patch = district({ seed: burst.seed, count: burst.objects, user: parseUserId(burst.author.userId) });
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  let startedMs = 0;
  const seen = reader.sees(room, TYPE, burst.objects, resolve).then(() => performance.now() - startedMs);
  await ready;
  startedMs = performance.now();
  burst.begins();
  let bytes = 0;
  for (const [id, { registers }] of patch.objects) {
    const content = encodeObjectEvent({ registers, actors: patch.actors });
    bytes += Buffer.byteLength(JSON.stringify(content));
    await author.put(room, TYPE, id, content);
  }
  const durableMs = performance.now() - startedMs;
  return report(await seen, durableMs, patch.objects.size, bytes);
}
