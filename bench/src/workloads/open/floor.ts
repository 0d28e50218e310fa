import type { Figure, Job } from './job.ts';
import type { Measured } from './memory.ts';

const OBJECT_EVENT = 'world.weft.object';

/** The least that opening can cost: the same bytes over plain fetch, parsed as JSON and left at that. */
export async function measure(job: Job): Promise<Measured> {
  const room = encodeURIComponent(job.room);
  const filter = { room: { rooms: [job.room], timeline: { limit: 1 }, state: { lazy_load_members: true } } };
  const sync = await read(
    job,
    'initial sync',
    `sync?timeout=0&filter=${encodeURIComponent(JSON.stringify(filter))}`,
  );
  const state = await read(job, '/state', `rooms/${room}/state`);
  const objects = Array.isArray(state.body) ? state.body.filter(isObjectEvent).length : 0;
  if (objects !== job.objects) throw new Error(`floor: expected ${job.objects} objects, found ${objects}`);
  return { figures: [...sync.figures, ...state.figures], held: [sync.body, state.body] };
}

async function read(job: Job, metric: string, path: string): Promise<{ figures: Figure[]; body: unknown }> {
  const startedMs = performance.now();
  const response = await fetch(`${job.homeserver}/_matrix/client/v3/${path}`, {
    headers: { authorization: `Bearer ${job.token}` },
  });
  const text = await response.text();
  const readMs = performance.now();
  const body: unknown = JSON.parse(text);
  const parsedMs = performance.now();
  if (!response.ok) throw new Error(`floor: ${path}: ${response.status} ${text.slice(0, 200)}`);
  const figures: Figure[] = [
    { metric: `${metric}, fetched and parsed`, unit: 'ms', value: parsedMs - startedMs },
    { metric: `${metric}, parsed`, unit: 'ms', value: parsedMs - readMs },
    { metric: `${metric}, size`, unit: 'bytes', value: Buffer.byteLength(text) },
  ];
  return { figures, body };
}

function isObjectEvent(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'type' in event && event.type === OBJECT_EVENT;
}
