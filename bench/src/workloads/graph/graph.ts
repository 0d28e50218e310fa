import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportOf } from '../../process/report-process.ts';
import { figureRows, sampled } from '../../record/measured.ts';
import type { Measurement } from '../../record/result.ts';
import { foreignRows, takeTurns } from '../../turns/take-turns.ts';
import { defineWorkload, numbers, type RunContext, repetitions } from '../../workload.ts';
import { type Job, TASKS, type Task } from './job.ts';
import { type WorldFiles, writeWorld } from './world-files.ts';

const PROCESS = new URL('process.ts', import.meta.url);
const MAX_OBJECTS = 1_000_000;
/** All tasks of one repetition in a world of so many objects. */
const REPETITION_SECONDS = 8;
const HUNDRED_THOUSAND_SECONDS = 20;

const SYSTEMS: Readonly<Record<Task, string>> = {
  parse: 'plain JSON',
  'plain memory': 'plain JSON',
  open: 'weft',
  'first reads': 'weft',
  memory: 'weft',
  edits: 'weft, no rules',
  'edits with rules': 'weft, ten rules',
};

/** The object graph alone, without a homeserver: blob, reduction, memory and single edits, beside plain JSON. */
export const graph = defineWorkload({
  name: 'graph',
  summary: 'the object graph alone: size of a blob, decoding, joining, reduction, memory, single edits',
  options: {
    sizes: numbers('10000,100000', { min: 1, max: MAX_OBJECTS }, 'worlds of so many objects'),
    reps: repetitions(7),
  },
  method: [
    'The world is a catalogue made from the seed: id, parent, name, position, rotation, scale, asset; one author.',
    'Plain JSON is an array of the same rows, without stamps, tree or checks: the least that reading it can cost.',
    'Each repetition of each task is a fresh process; the tasks take turns, in reversed order every second time.',
    'Opening is decoding, joining and reduction: then ids, parents and values can be read.',
    'What opening leaves for later is measured apart, in its order: sibling order, the name index, transforms and the space index.',
    'Cold is the first run of a process, with nothing compiled; warm the median of the next five in it.',
    'No collection is forced in between (that would shrink the young generation): those that come are counted.',
    'Join alone is the register store by itself, measured after the rest; the whole does not contain it twice.',
    'Memory is that with the world less that before it was read, both after a collection: heap, and buffers beside it.',
    'Edits move one object each, anywhere in the world, 2,000 of them in a process after 500 that are thrown away.',
    'The ten rules are of all kinds that the reduction judges; nine of them speak of the objects that are edited.',
    'A wrong number of objects, or an edit that changes nothing, voids the run.',
  ],
  seconds: ({ sizes, reps }) =>
    sizes
      .map((size) => reps * (REPETITION_SECONDS + (size / 100_000) * HUNDRED_THOUSAND_SECONDS))
      .reduce((sum, seconds) => sum + seconds, 0),
  async run(context, { sizes, reps }) {
    for (const objects of sizes) {
      const folder = await mkdtemp(join(tmpdir(), 'weft-bench-graph-'));
      try {
        const files = await writeWorld(folder, context.seed, objects);
        context.record(sizesOf(files, objects));
        context.record(await measureSize(context, files, { objects, reps }));
      } finally {
        await rm(folder, { recursive: true });
      }
    }
  },
});

function sizesOf({ blobBytes, jsonBytes, gzipBytes }: WorldFiles, objects: number): Measurement[] {
  const bytes = { weft: blobBytes, 'plain JSON': jsonBytes, 'plain JSON, gzip': gzipBytes };
  return Object.entries(bytes).map(([system, size]) =>
    sampled({
      ...{ metric: 'size', system, parameters: { objects }, unit: 'bytes an object' },
      samples: [size / objects],
    }),
  );
}

async function measureSize(
  context: RunContext,
  { blob, json }: WorldFiles,
  { objects, reps }: { readonly objects: number; readonly reps: number },
): Promise<Measurement[]> {
  const turns = await takeTurns(context, {
    contestants: TASKS.map((task) => ({ name: task, task })),
    ...{ repetitions: reps, label: `${objects} objects`, show: () => 'done' },
    measure: ({ task }, repetition) => {
      const job: Job = { task, blob, json, objects, seed: `${context.seed}/${repetition}` };
      return reportOf(PROCESS, job, context);
    },
  });
  return [
    ...TASKS.flatMap((task) =>
      figureRows({ system: SYSTEMS[task], parameters: { objects } }, turns.reports.get(task) ?? []),
    ),
    ...foreignRows(turns, { objects }),
  ];
}
