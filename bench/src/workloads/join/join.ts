import { figureRows } from '../../record/measured.ts';
import type { Figure } from '../../record/process-report.ts';
import { defineWorkload, number, numbers, repetitions } from '../../workload.ts';
import { agedWorld, type JoinCost } from './aged-world.ts';

const MAX_OBJECTS = 20_000;
const MAX_EDITS = 1_000_000;
/** A thousand edits, and a world without any, on the virtual clock. */
const THOUSAND_EDITS_SECONDS = 5;
const WORLD_SECONDS = 20;

/** What a newcomer has to read, by how much happened in the world before. */
export const join = defineWorkload({
  name: 'join',
  summary: 'what joining costs after a long history: bytes and events of the room’s state, blobs included',
  options: {
    objects: number(1000, { min: 1, max: MAX_OBJECTS }, 'objects in the world'),
    edits: numbers('0,1000,10000,100000', { min: 0, max: MAX_EDITS }, 'edits that were made before'),
    reps: repetitions(5, 'worlds of each, from seeds of their own'),
  },
  method: [
    'A homeserver twin with the limits of a stock Synapse, on a virtual clock: a real one would take days.',
    'One owner places the objects, a hundred at a time; four builders then move random ones, 20 edits a second together.',
    'Then 30 hours of rest: readable views are written, and slots that others have carried for a day may be used again.',
    'fresh room is a new room into which the very same registers, stamps and authors included, were put the same way.',
    'bytes is the JSON of the whole state of the room plus the blobs it points to: what a newcomer has to read.',
    'Each repetition is a world from a seed of its own; n counts worlds. Bytes and events do not depend on the machine.',
    'Any edit that is not saved by then, or a newcomer who sees another number of objects, voids the run.',
  ],
  seconds: ({ edits, reps }) =>
    edits
      .map((count) => reps * (WORLD_SECONDS + (count / 1000) * THOUSAND_EDITS_SECONDS))
      .reduce((sum, seconds) => sum + seconds, 0),
  async run({ seed, signal, progress, record }, { objects, edits: counts, reps }) {
    for (const edits of counts) {
      const costs: { readonly aged: JoinCost; readonly fresh: JoinCost }[] = [];
      for (let at = 0; at < reps; at += 1) {
        const cost = await agedWorld({ seed: `${seed}/${at}`, objects, edits, signal });
        for (const { objects: seen } of [cost.aged, cost.fresh])
          if (seen !== objects)
            throw new Error(`a newcomer sees ${seen} of ${objects} objects: the run is void`);
        costs.push(cost);
        progress(`${edits} edits, world ${at + 1}: ${cost.aged.bytes} bytes, fresh ${cost.fresh.bytes}`);
      }
      const parameters = { objects, edits };
      const [aged, fresh] = [
        costs.map((cost) => figuresOf(cost.aged)),
        costs.map((cost) => figuresOf(cost.fresh)),
      ];
      record(figureRows({ system: 'weft', parameters }, aged));
      record(figureRows({ system: 'fresh room', parameters }, fresh));
    }
  },
});

function figuresOf({ bytes, events, history }: JoinCost): Figure[] {
  return [
    { metric: 'state and blobs', unit: 'bytes', value: bytes },
    { metric: 'events of the state', unit: 'events', value: events },
    { metric: 'events ever', unit: 'events', value: history },
  ];
}
