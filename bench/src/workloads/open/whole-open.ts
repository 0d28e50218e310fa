import type { Job } from './job.ts';
import type { Measured } from './memory.ts';

/** Opening as a program does it: from loading the library until the graph can be queried. */
export async function measure(job: Job): Promise<Measured> {
  const startedMs = performance.now();
  const { openWorld } = await import('@weft/world');
  const loadedMs = performance.now();
  const world = await openWorld(job.room, { login: { homeserver: job.homeserver, token: job.token } });
  const openedMs = performance.now();
  const { graph } = world.status.value;
  const objects = [...world.objects()].length;
  if (graph !== 'ready' || objects !== job.objects) {
    throw new Error(`weft: expected ${job.objects} objects, found ${objects}, graph ${graph}`);
  }
  return {
    figures: [
      { metric: 'library loaded', unit: 'ms', value: loadedMs - startedMs },
      { metric: 'graph ready, from openWorld', unit: 'ms', value: openedMs - loadedMs },
    ],
    held: world,
  };
}
