import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Account } from '@weft/cli/stack';
import { connectHomeserver } from '@weft/matrix';
import { newSession, startBenchHomeserver } from '../../homeserver/bench-homeserver.ts';
import { benchWorld } from '../../homeserver/bench-world.ts';
import { type Figure, isReport, JOB_VARIABLE } from '../../record/process-report.ts';
import type { Measurement } from '../../record/result.ts';
import { DISTRICT_VERSION, district } from '../../scene/district.ts';
import { summarise } from '../../statistics/summary.ts';
import { type Workload, type WorkloadContext, wholeNumbers } from '../../workload.ts';
import { type Job, SYSTEMS, type System } from './job.ts';

const run = promisify(execFile);

const CLIENT = fileURLToPath(new URL('client.ts', import.meta.url));
const CLIENT_TIMEOUT_MS = 120_000;
const WARM_UP_REPETITIONS = 1;
const MAX_OBJECTS = 20_000;
const MAX_REPETITIONS = 1000;

/** Opening a world from nothing, beside plain fetch and JSON.parse of the same state. */
export const open: Workload = {
  name: 'open',
  summary: 'opening a world from nothing: initial sync, state, decoding, reduction, until the graph is ready',
  options: [
    { name: 'sizes', value: 'N,N', default: '1000,5000', help: 'worlds of so many object events' },
    { name: 'reps', value: 'N', default: '10', help: 'measured repetitions of each' },
  ],
  method: [
    'Worlds come from the seed and are written once, one state event an object; later runs find them again.',
    'Each repetition is a fresh client process on a fresh device, so no process and no answer is warm.',
    'The homeserver is warm: it stays up, and one repetition of each size is thrown away first.',
    'floor is plain fetch and JSON.parse of whoami, /sync and /state; stages is each step alone; weft is openWorld.',
    'floor, stages and weft take turns, in reversed order every second repetition.',
    'Heap is read after a collection, with the world still held; a wrong number of objects voids the run.',
  ],
  run: measureOpen,
};

async function measureOpen(context: WorkloadContext): Promise<readonly Measurement[]> {
  const sizes = wholeNumbers(context, 'sizes', { min: 1, max: MAX_OBJECTS });
  const [repetitions = 1] = wholeNumbers(context, 'reps', { min: 1, max: MAX_REPETITIONS });
  const stack = await startBenchHomeserver(context.root, context);
  try {
    const account = await stack.account('bench');
    const measurements: Measurement[] = [];
    for (const objects of sizes) {
      const room = await prepare(context, account, objects);
      measurements.push(...(await measureSize(context, { account, room, objects, repetitions })));
    }
    return measurements;
  } finally {
    await stack.stop();
  }
}

async function prepare(context: WorkloadContext, account: Account, objects: number): Promise<string> {
  const homeserver = await connectHomeserver({ url: account.homeserver, token: account.token });
  try {
    const patch = district({ seed: context.seed, count: objects, user: homeserver.userId });
    const name = `district-${DISTRICT_VERSION}-${Buffer.from(context.seed).toString('hex')}-${objects}`;
    return await benchWorld({ ...context, homeserver, name, patch });
  } finally {
    homeserver.stop();
  }
}

interface Size {
  readonly account: Account;
  readonly room: string;
  readonly objects: number;
  readonly repetitions: number;
}

async function measureSize(context: WorkloadContext, size: Size): Promise<Measurement[]> {
  const series = new Map<string, { system: System; figure: Figure; samples: number[] }>();
  for (let repetition = -WARM_UP_REPETITIONS; repetition < size.repetitions; repetition += 1) {
    const order = repetition % 2 === 0 ? SYSTEMS : SYSTEMS.toReversed();
    for (const system of order) {
      context.signal.throwIfAborted();
      const figures = await measureOnce(context, size, system);
      if (repetition < 0) continue;
      for (const figure of figures) {
        const key = `${system} ${figure.metric}`;
        const known = series.get(key) ?? { system, figure, samples: [] };
        known.samples.push(figure.value);
        series.set(key, known);
      }
    }
    const shown = repetition < 0 ? 'warm-up' : `repetition ${repetition + 1} of ${size.repetitions}`;
    context.progress(`${size.objects} objects: ${shown}`);
  }
  return [...series.values()]
    .toSorted((a, b) => SYSTEMS.indexOf(a.system) - SYSTEMS.indexOf(b.system))
    .map(({ system, figure, samples }) => ({
      metric: figure.metric,
      system,
      parameters: { objects: size.objects },
      unit: figure.unit,
      ...summarise(samples),
      samples,
    }));
}

async function measureOnce(
  { root, signal }: WorkloadContext,
  { account, room, objects }: Size,
  system: System,
): Promise<readonly Figure[]> {
  const session = await newSession(account);
  try {
    const job: Job = { system, homeserver: account.homeserver, token: session.token, room, objects };
    const stdout = await runClient(job, root, signal);
    const report: unknown = JSON.parse(stdout);
    if (!isReport(report)) throw new TypeError(`${system}: the client printed no report`);
    return report.figures;
  } finally {
    await session.end();
  }
}

/** The job travels in the environment: arguments can be seen by every user of the machine, and it holds a token. */
async function runClient(job: Job, root: string, signal: AbortSignal): Promise<string> {
  const args = ['--expose-gc', '--disable-warning=ExperimentalWarning', CLIENT];
  const env = { ...process.env, [JOB_VARIABLE]: JSON.stringify(job) };
  try {
    const { stdout } = await run(process.execPath, args, {
      cwd: root,
      env,
      timeout: CLIENT_TIMEOUT_MS,
      signal,
    });
    return stdout;
  } catch (error) {
    if (!(error instanceof Error && 'stderr' in error)) throw error;
    throw new Error(
      `${job.system}: the client process failed: ${String(error.stderr).trim() || error.message}`,
    );
  }
}
