import type { Figure } from '../../record/process-report.ts';
import type { Job } from './job.ts';
import type { Measured } from './memory.ts';

const OBJECT_EVENT = 'world.weft.object';

/** What a world needs of a sync, as `@weft/matrix` asks for it. */
const SECTION = { types: [] };

/** The least that opening can cost: the same requests over plain fetch, parsed as JSON and left at that. */
export async function measure(job: Job): Promise<Measured> {
  const startedMs = performance.now();
  const filter = {
    presence: SECTION,
    account_data: SECTION,
    room: {
      rooms: [job.room],
      account_data: SECTION,
      ephemeral: SECTION,
      state: { lazy_load_members: true },
      timeline: { limit: 1, lazy_load_members: true },
    },
  };
  const query = new URLSearchParams({
    timeout: '0',
    use_state_after: 'true',
    filter: JSON.stringify(filter),
  });
  const signIn = await read(job, 'sign in', 'account/whoami');
  const sync = await read(job, 'initial sync', `sync?${query}`);
  const state = await read(job, '/state', `rooms/${encodeURIComponent(job.room)}/state`);
  const wholeMs = performance.now() - startedMs;
  const objects = Array.isArray(state.body) ? state.body.filter(isObjectEvent).length : 0;
  if (objects !== job.objects) throw new Error(`floor: expected ${job.objects} objects, found ${objects}`);
  const figures: Figure[] = [
    { metric: 'sign in', unit: 'ms', value: signIn.ms },
    { metric: 'initial sync', unit: 'ms', value: sync.ms },
    { metric: 'initial sync, size', unit: 'bytes', value: sync.bytes },
    { metric: '/state', unit: 'ms', value: state.ms },
    { metric: '/state, size', unit: 'bytes', value: state.bytes },
    { metric: 'JSON.parse of /state', unit: 'ms', value: state.parseMs },
    { metric: 'whole', unit: 'ms', value: wholeMs },
  ];
  return { figures, held: [sync.body, state.body] };
}

interface Read {
  readonly body: unknown;
  readonly bytes: number;
  /** From sending the request until its answer is parsed. */
  readonly ms: number;
  readonly parseMs: number;
}

async function read(job: Job, what: string, path: string): Promise<Read> {
  const startedMs = performance.now();
  const response = await fetch(`${job.homeserver}/_matrix/client/v3/${path}`, {
    headers: { authorization: `Bearer ${job.token}` },
  });
  const text = await response.text();
  const readMs = performance.now();
  const body: unknown = JSON.parse(text);
  const parsedMs = performance.now();
  if (!response.ok) throw new Error(`floor: ${what}: ${response.status} ${text.slice(0, 200)}`);
  return { body, bytes: Buffer.byteLength(text), ms: parsedMs - startedMs, parseMs: parsedMs - readMs };
}

function isObjectEvent(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'type' in event && event.type === OBJECT_EVENT;
}
