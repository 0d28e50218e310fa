import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Figure, isReport, JOB_VARIABLE } from '../../record/process-report.ts';
import type { Measurement } from '../../record/result.ts';
import { summarise } from '../../statistics/summary.ts';
import { type Workload, type WorkloadContext, wholeNumbers } from '../../workload.ts';
import { type Job, TASKS, type Task } from './job.ts';
import { type WorldFiles, writeWorld } from './world-files.ts';

const run = promisify(execFile);

const PROCESS = fileURLToPath(new URL('process.ts', import.meta.url));
const PROCESS_TIMEOUT_MS = 120_000;
const MAX_OBJECTS = 1_000_000;
const MAX_REPETITIONS = 1000;

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
export const graph: Workload = {
  name: 'graph',
  summary: 'the object graph alone: size of a blob, decoding, joining, reduction, memory, single edits',
  options: [
    { name: 'sizes', value: 'N,N', default: '10000,100000', help: 'worlds of so many objects' },
    { name: 'reps', value: 'N', default: '7', help: 'measured repetitions of each' },
  ],
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
  run: measureGraph,
};

async function measureGraph(context: WorkloadContext): Promise<readonly Measurement[]> {
  const sizes = wholeNumbers(context, 'sizes', { min: 1, max: MAX_OBJECTS });
  const [repetitions = 1] = wholeNumbers(context, 'reps', { min: 1, max: MAX_REPETITIONS });
  const measurements: Measurement[] = [];
  for (const objects of sizes) {
    const folder = await mkdtemp(join(tmpdir(), 'weft-bench-graph-'));
    try {
      const files = await writeWorld(folder, context.seed, objects);
      measurements.push(...sizesOf(files, objects));
      measurements.push(...(await measureSize(context, files, { objects, repetitions })));
    } finally {
      await rm(folder, { recursive: true });
    }
  }
  return measurements;
}

function sizesOf({ blobBytes, jsonBytes, gzipBytes }: WorldFiles, objects: number): Measurement[] {
  const bytes = { weft: blobBytes, 'plain JSON': jsonBytes, 'plain JSON, gzip': gzipBytes };
  return Object.entries(bytes).map(([system, size]) =>
    measurement(system, objects, 'size', 'bytes an object', [size / objects]),
  );
}

async function measureSize(
  context: WorkloadContext,
  { blob, json }: WorldFiles,
  { objects, repetitions }: { readonly objects: number; readonly repetitions: number },
): Promise<Measurement[]> {
  const series = new Map<string, { task: Task; figure: Figure; samples: number[] }>();
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    for (const task of repetition % 2 === 0 ? TASKS : TASKS.toReversed()) {
      context.signal.throwIfAborted();
      const job = { task, blob, json, objects, seed: `${context.seed}/${repetition}` };
      for (const figure of await runProcess(job, context)) {
        const key = `${task} ${figure.metric}`;
        const known = series.get(key) ?? { task, figure, samples: [] };
        known.samples.push(figure.value);
        series.set(key, known);
      }
    }
    context.progress(`${objects} objects: repetition ${repetition + 1} of ${repetitions}`);
  }
  return [...series.values()]
    .toSorted((a, b) => TASKS.indexOf(a.task) - TASKS.indexOf(b.task))
    .map(({ task, figure, samples }) =>
      measurement(SYSTEMS[task], objects, figure.metric, figure.unit, samples),
    );
}

function measurement(
  system: string,
  objects: number,
  metric: string,
  unit: Measurement['unit'],
  samples: readonly number[],
): Measurement {
  return { metric, system, parameters: { objects }, unit, ...summarise(samples), samples };
}

async function runProcess(job: Job, { root, signal }: WorkloadContext): Promise<readonly Figure[]> {
  const args = ['--expose-gc', '--disable-warning=ExperimentalWarning', PROCESS];
  const env = { ...process.env, [JOB_VARIABLE]: JSON.stringify(job) };
  try {
    const options = { cwd: root, env, timeout: PROCESS_TIMEOUT_MS, signal };
    const { stdout } = await run(process.execPath, args, options);
    const report: unknown = JSON.parse(stdout);
    if (!isReport(report)) throw new TypeError(`${job.task}: the process printed no report`);
    return report.figures;
  } catch (error) {
    if (!(error instanceof Error && 'stderr' in error)) throw error;
    throw new Error(`${job.task}: the process failed: ${String(error.stderr).trim() || error.message}`);
  }
}
