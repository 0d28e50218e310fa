import type { Account } from '@weft/cli/stack';
import { connectHomeserver } from '@weft/matrix';
import { newSession, startBenchHomeserver } from '../../homeserver/bench-homeserver.ts';
import { benchWorld } from '../../homeserver/bench-world.ts';
import { reportOf } from '../../process/report-process.ts';
import { figureRows } from '../../record/measured.ts';
import type { Figure } from '../../record/process-report.ts';
import type { Measurement } from '../../record/result.ts';
import { DISTRICT_VERSION, district } from '../../scene/district.ts';
import { foreignRows, takeTurns } from '../../turns/take-turns.ts';
import { defineWorkload, numbers, type RunContext, repetitions } from '../../workload.ts';
import { type Job, SYSTEMS, type System } from './job.ts';

const CLIENT = new URL('client.ts', import.meta.url);
const MAX_OBJECTS = 20_000;
/** Writing so many objects takes a second, once. */
const WRITTEN_A_SECOND = 25;
const REPETITION_SECONDS = 6;

/** Opening a world from nothing, beside plain fetch and JSON.parse of the same state. */
export const open = defineWorkload({
  name: 'open',
  summary: 'opening a world from nothing: initial sync, state, decoding, reduction, until the graph is ready',
  options: {
    sizes: numbers('1000,5000', { min: 1, max: MAX_OBJECTS }, 'worlds of so many object events'),
    reps: repetitions(10),
  },
  method: [
    'Worlds come from the seed and are written once, one state event an object; later runs find them again.',
    'Each repetition is a fresh client process on a fresh device, so no process and no answer is warm.',
    'The homeserver is warm: it stays up, and one repetition of each size is thrown away first.',
    'floor is plain fetch and JSON.parse of whoami, /sync and /state; stages is each step alone; weft is openWorld.',
    'floor, stages and weft take turns, in reversed order every second repetition.',
    'Heap is read after a collection, with the world still held; a wrong number of objects voids the run.',
  ],
  seconds: ({ sizes, reps }) =>
    sizes
      .map((size) => size / WRITTEN_A_SECOND + (reps + 1) * REPETITION_SECONDS)
      .reduce((sum, seconds) => sum + seconds, 0),
  async run(context, { sizes, reps }) {
    const stack = await startBenchHomeserver(context.root, context);
    try {
      const account = await stack.account('bench');
      for (const objects of sizes) {
        const room = await prepare(context, account, objects);
        context.record(await measureSize(context, { account, room, objects, reps }));
      }
    } finally {
      await stack.stop();
    }
  },
});

async function prepare(context: RunContext, account: Account, objects: number): Promise<string> {
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
  readonly reps: number;
}

async function measureSize(context: RunContext, size: Size): Promise<Measurement[]> {
  const { objects, reps } = size;
  for (const system of SYSTEMS) await measureOnce(context, size, system);
  const turns = await takeTurns(context, {
    contestants: SYSTEMS.map((system) => ({ name: system, system })),
    ...{ repetitions: reps, label: `${objects} objects`, show: () => 'done' },
    measure: ({ system }) => measureOnce(context, size, system),
  });
  return [
    ...[...turns.reports].flatMap(([system, reports]) =>
      figureRows({ system, parameters: { objects } }, reports),
    ),
    ...foreignRows(turns, { objects }),
  ];
}

async function measureOnce(
  context: RunContext,
  { account, room, objects }: Size,
  system: System,
): Promise<readonly Figure[]> {
  context.signal.throwIfAborted();
  const session = await newSession(account);
  try {
    const { homeserver } = account;
    const job: Job = { system, homeserver, token: session.token, room, objects };
    return await reportOf(CLIENT, job, context);
  } finally {
    await session.end();
  }
}
