import { decodeObjectEvent, newActorId, type Patch, Replica } from '@weft/core';
import { connectHomeserver, parseRoomId, type RoomEvent } from '@weft/matrix';
import type { Figure } from '../../record/process-report.ts';
import type { Job } from './job.ts';
import type { Measured } from './memory.ts';

const OBJECT_EVENT = 'world.weft.object';

/** What opening is made of, one step after the other. */
export async function measure(job: Job): Promise<Measured> {
  const figures: Figure[] = [];
  const timed = async <T>(metric: string, step: () => T | Promise<T>): Promise<T> => {
    const startedMs = performance.now();
    const result = await step();
    figures.push({ metric, unit: 'ms', value: performance.now() - startedMs });
    return result;
  };
  const room = parseRoomId(job.room);
  const homeserver = await timed('sign in', () =>
    connectHomeserver({ url: job.homeserver, token: job.token }),
  );
  const following = await timed('initial sync', () =>
    homeserver.follow(room, { update: () => undefined, connection: () => undefined }),
  );
  const { events } = await timed('/state', () => homeserver.readState(room));
  const objects = events.filter(({ type }) => type === OBJECT_EVENT);
  const patches = await timed('decode', () => objects.map(decode));
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
  const replica = new Replica({ actor: newActorId(random), now: () => Date.now() });
  await timed('join and reduce', () => replica.receiveAll(patches, 'matrix'));
  if (replica.scene.size !== job.objects) {
    throw new Error(`stages: expected ${job.objects} objects, found ${replica.scene.size}`);
  }
  following.stop();
  homeserver.stop();
  return { figures, held: replica };
}

function decode({ stateKey, content, sender, atMs, redactedAtMs }: RoomEvent): Patch {
  const redaction = redactedAtMs === null ? {} : { redactedAtMs };
  return decodeObjectEvent({ stateKey, content, sender, originServerTs: atMs, ...redaction }).patch;
}
