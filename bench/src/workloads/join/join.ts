import type { Measurement } from '../../record/result.ts';
import { summarise } from '../../statistics/summary.ts';
import { type Workload, type WorkloadContext, wholeNumbers } from '../../workload.ts';
import { agedWorld, type JoinCost } from './aged-world.ts';

const MAX_OBJECTS = 20_000;
const MAX_EDITS = 1_000_000;
const MAX_REPETITIONS = 20;

/** What a newcomer has to read, by how much happened in the world before. */
export const join: Workload = {
  name: 'join',
  summary: 'what joining costs after a long history: bytes and events of the room’s state, blobs included',
  options: [
    { name: 'objects', value: 'N', default: '1000', help: 'objects in the world' },
    { name: 'edits', value: 'N,N', default: '0,1000,10000,100000', help: 'edits that were made before' },
    { name: 'reps', value: 'N', default: '3', help: 'worlds of each, from seeds of their own' },
  ],
  method: [
    'A homeserver twin with the limits of a stock Synapse, on a virtual clock: a real one would take days.',
    'One owner places the objects, a hundred at a time; four builders then move random ones, 20 edits a second together.',
    'Then 30 hours of rest: readable views are written, and slots that others have carried for a day may be used again.',
    'fresh room is a new room into which the very same registers, stamps and authors included, were put the same way.',
    'bytes is the JSON of the whole state of the room plus the blobs it points to: what a newcomer has to read.',
    'Any edit that is not saved by then, or a newcomer who sees another number of objects, voids the run.',
  ],
  run: measureJoin,
};

async function measureJoin(context: WorkloadContext): Promise<readonly Measurement[]> {
  const [objects = 1] = wholeNumbers(context, 'objects', { min: 1, max: MAX_OBJECTS });
  const counts = wholeNumbers(context, 'edits', { min: 0, max: MAX_EDITS });
  const [repetitions = 1] = wholeNumbers(context, 'reps', { min: 1, max: MAX_REPETITIONS });
  const measurements: Measurement[] = [];
  for (const edits of counts) {
    const costs: { readonly system: string; readonly cost: JoinCost }[] = [];
    for (let at = 0; at < repetitions; at += 1) {
      const seed = `${context.seed}/${at}`;
      const { aged, fresh } = await agedWorld({ seed, objects, edits, signal: context.signal });
      for (const cost of [aged, fresh])
        if (cost.objects !== objects)
          throw new Error(`a newcomer sees ${cost.objects} of ${objects} objects: the run is void`);
      costs.push({ system: 'weft', cost: aged }, { system: 'fresh room', cost: fresh });
      context.progress(`${edits} edits, world ${at + 1}: ${aged.bytes} bytes, fresh ${fresh.bytes}`);
    }
    for (const system of ['weft', 'fresh room']) {
      const of = costs.filter((one) => one.system === system).map(({ cost }) => cost);
      const row = (metric: string, unit: Measurement['unit'], samples: readonly number[]): Measurement => ({
        metric,
        system,
        parameters: { objects, edits },
        unit,
        ...summarise(samples),
        samples,
      });
      measurements.push(
        row(
          'state and blobs',
          'bytes',
          of.map(({ bytes }) => bytes),
        ),
        row(
          'events of the state',
          'events',
          of.map(({ events }) => events),
        ),
        row(
          'events ever',
          'events',
          of.map(({ history }) => history),
        ),
      );
    }
  }
  return measurements;
}
