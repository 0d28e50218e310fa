import { randomBytes } from 'node:crypto';
import type { Stack } from '@weft/cli/stack';
import { startBenchHomeserver } from '../../homeserver/bench-homeserver.ts';
import type { Measurement } from '../../record/result.ts';
import { summarise } from '../../statistics/summary.ts';
import { type Workload, type WorkloadContext, wholeNumbers } from '../../workload.ts';
import { floorBurst } from './floor.ts';
import { eventsBurst } from './peer.ts';
import type { Burst, BurstReport } from './run.ts';
import { weftBurst } from './weft.ts';

/** What one edit may hold. */
const MAX_OBJECTS = 5000;
const MAX_REPETITIONS = 100;

/** Placing many objects at once on a homeserver with stock limits: 0.2 events a second, burst 10. */
export const burst: Workload = {
  name: 'burst',
  summary:
    'placing many objects at once on a homeserver with stock limits, until others see them and they are durable',
  options: [
    { name: 'sizes', value: 'N,N', default: '1,50,500,5000', help: 'so many objects at once, at most 5000' },
    { name: 'reps', value: 'N', default: '3', help: 'measured repetitions of each size' },
    {
      name: 'peer-sizes',
      value: 'N,N',
      default: '1,50',
      help: 'sizes that the peer is measured with; 50 take 200 s',
    },
  ],
  method: [
    'The homeserver is a Synapse with the limits of an unconfigured one; it stays up and is warm but for the first size.',
    'Each repetition has users of its own, so that nobody has spent any allowance but on entering the room.',
    'weft imports a district made from the seed; another user has the world open in the same process.',
    'Seen: the other client shows all objects. Durable: the room’s state holds all registers, as the author’s client knows.',
    'Events and bytes are read from the room afterwards: contents of state events and, where one points to it, its blob.',
    'floor is the same bytes in one plain state event, after an upload where they are more than an event holds.',
    'events is one plain state event an object over fetch, each as soon as the homeserver allows; measured once a size.',
  ],
  run: measureBurst,
};

async function measureBurst(context: WorkloadContext): Promise<readonly Measurement[]> {
  const sizes = wholeNumbers(context, 'sizes', { min: 1, max: MAX_OBJECTS });
  const peerSizes = wholeNumbers(context, 'peer-sizes', { min: 1, max: MAX_OBJECTS });
  const [repetitions = 1] = wholeNumbers(context, 'reps', { min: 1, max: MAX_REPETITIONS });
  const stack = await startBenchHomeserver(context.root, { ...context, rateLimits: 'stock' });
  try {
    const measurements: Measurement[] = [];
    for (const objects of sizes) {
      const reports = new Map<string, BurstReport[]>([
        ['weft', []],
        ['floor', []],
        ['events', []],
      ]);
      for (let repetition = 0; repetition < repetitions; repetition += 1) {
        const weft = await weftBurst(await newBurst(stack, context, objects));
        reports.get('weft')?.push(weft);
        reports.get('floor')?.push(await floorBurst(await newBurst(stack, context, objects), weft.bytes));
        context.progress(`${objects} objects: repetition ${repetition + 1} of ${repetitions}`);
      }
      if (peerSizes.includes(objects))
        reports.get('events')?.push(await eventsBurst(await newBurst(stack, context, objects)));
      for (const [system, all] of reports) measurements.push(...measurementsOf(system, objects, all));
    }
    return measurements;
  } finally {
    await stack.stop();
  }
}

async function newBurst(stack: Stack, { seed, signal }: WorkloadContext, objects: number): Promise<Burst> {
  signal.throwIfAborted();
  const run = randomBytes(6).toString('hex');
  const [author, reader] = [await stack.account(`author-${run}`), await stack.account(`reader-${run}`)];
  return { author, reader, objects, seed, signal };
}

function measurementsOf(system: string, objects: number, reports: readonly BurstReport[]): Measurement[] {
  const [first] = reports;
  return (first?.figures ?? []).map(({ metric, unit }, at) => {
    const samples = reports.map(({ figures }) => figures[at]?.value ?? Number.NaN);
    return { metric, system, parameters: { objects }, unit, ...summarise(samples), samples };
  });
}
