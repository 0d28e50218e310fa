import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account } from '@weft/cli/stack';
import { createWorld } from '@weft/world';
import { startBenchHomeserver } from '../../homeserver/bench-homeserver.ts';
import { reportOf } from '../../process/report-process.ts';
import { nextMessage, withProcess } from '../../process/start-process.ts';
import { figureRows, repeated } from '../../record/measured.ts';
import type { Figure } from '../../record/process-report.ts';
import { foreignRows, takeTurns } from '../../turns/take-turns.ts';
import { defineWorkload, number, type RunContext, repetitions } from '../../workload.ts';
import type { Job } from './job.ts';
import { modelOf, refOf } from './model.ts';
import type { WebJob } from './web-process.ts';
import { measureWithdrawn } from './withdrawn.ts';

const CLIENT = new URL('client.ts', import.meta.url);
const WEB = new URL('web-process.ts', import.meta.url);
const MIB = 1024 * 1024;
const MODEL_BYTES = MIB;
/** Of each kind, in one process. */
const TURNS = 6;
const CROWD = 100;
const REPETITION_SECONDS = 20;
/** Of both places. */
const DOWNLOADING_SECONDS = 17;
const START_SECONDS = 20;

/** What it takes to have the files that objects refer to. */
export const assets = defineWorkload({
  name: 'assets',
  summary: 'models of a world: loaded once and again, verified, shared, and where a source withdrew them',
  options: {
    models: number(20, { min: 1, max: 100 }, 'models of 1 MiB in the world'),
    reps: repetitions(5),
    downloads: number(15, { min: 5, max: 100 }, 'repetitions of downloads with and without verification'),
  },
  method: [
    'The homeserver is a real Synapse, the web server is one of Node over https, IPFS is a real Kubo by its gateway; all on this machine, each in a process of its own but for the web server of the last part.',
    'first and second loads: a fresh client process opens the world and loads all its models at once; the second process finds on disk what the first one kept.',
    'read from the network counts every byte that any socket of the process read from the first load until the last model was there.',
    `verified and unverified: the same file, as large as all models, is downloaded in ${TURNS} turns of each (A B B A) in one fresh process, after one turn of each that does not count. A turn is five downloads without a pause, so that garbage is collected where it was made; the median of the turns is one sample, and longer by verification compares the two of one process. unverified is the same loader without a hash, fetch is what a loader does that asks for none: the fetch and arrayBuffer of Node, with no bound on bytes and time; its turns come last.`,
    'sha256 (floor): the hash alone, of the same bytes when they are there, in the same process.',
    'processors: what all threads of that process used for one download, the server not included.',
    `all have it: ${CROWD} loads of one model at once, in a fresh process.`,
    'withdrawn: a model of its own each time, in three places; the first place of its reference gives it, then has it no more, and the next one gives it.',
    'Any file that is not the very one that was published voids the run.',
  ],
  seconds: ({ reps, downloads }) =>
    START_SECONDS + reps * REPETITION_SECONDS + downloads * DOWNLOADING_SECONDS,
  async run(context, { models, reps, downloads }) {
    const stack = await startBenchHomeserver(context.root, context);
    try {
      const account = await stack.account('bench');
      await measureWorld(context, account, models, reps);
      await measureDownloads(context, account, models, downloads);
      await measureCrowd(context, account, reps);
      const administrator = await stack.account('bench-administrator', 'administrator');
      await measureWithdrawn(context, account, administrator, reps);
    } finally {
      await stack.stop();
    }
  },
});

const loginOf = ({ homeserver, token }: Account) => ({ homeserver, token });

async function measureWorld(
  context: RunContext,
  account: Account,
  models: number,
  reps: number,
): Promise<void> {
  const loads: { readonly first: readonly Figure[]; readonly second: readonly Figure[] }[] = [];
  const world = await createWorld({ login: loginOf(account), title: 'Models', lanes: ['matrix'] });
  const room = world.room;
  try {
    for (let at = 0; at < models; at += 1) {
      const bytes = modelOf(`${context.seed}/${randomUUID()}`, MODEL_BYTES);
      await (await world.importGlb(bytes, { name: `Model ${at}`, thumbnail: false })).durable;
    }
  } finally {
    await world.close();
  }
  for (let rep = 0; rep < reps && !context.signal.aborted; rep += 1) {
    const directory = await mkdtemp(join(tmpdir(), 'weft-bench-assets-'));
    try {
      const job: Job = { kind: 'world', room, files: models, directory, ...loginOf(account) };
      const first = await reportOf(CLIENT, job, context);
      const second = await reportOf(CLIENT, job, context);
      loads.push({ first, second });
      context.progress(`world ${rep + 1} of ${reps}: ${[first, second].map(shown).join('; again ')}`);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
  for (const load of ['first', 'second'] as const) {
    const of = { system: 'weft', parameters: { load } };
    context.record(
      figureRows(
        of,
        loads.map((each) => each[load]),
      ),
    );
  }
}

/** With and without verification, from a homeserver and from a web server. */
async function measureDownloads(
  context: RunContext,
  account: Account,
  models: number,
  reps: number,
): Promise<void> {
  const bytes = modelOf(context.seed, models * MODEL_BYTES);
  const job: WebJob = { seed: context.seed, bytes: models * MODEL_BYTES };
  await withProcess(WEB, job, context, async (child) => {
    const url = await nextMessage(child, (message) => (typeof message.url === 'string' ? message.url : null));
    const places = { mxc: await uploaded(account, bytes), https: url };
    for (const [from, src] of Object.entries(places)) {
      const job: Job = { kind: 'file', ref: refOf(src, bytes), turns: TURNS, ...loginOf(account) };
      const turns = await takeTurns(context, {
        contestants: [{ name: from }],
        repetitions: reps,
        label: `download of ${models} MiB`,
        measure: () => reportOf(CLIENT, job, context),
        show: shown,
      });
      const parameters = { from, MiB: models };
      const reports = turns.reports.get(from) ?? [];
      const samplesOf = (metric: string): number[] =>
        reports.map((figures) => figures.find((figure) => figure.metric === metric)?.value ?? Number.NaN);
      for (const system of ['verified', 'unverified', 'fetch']) {
        const each = { system, parameters, unit: 'ms' } as const;
        context.record([
          repeated({ ...each, metric: 'download', samples: samplesOf(system) }),
          repeated({ ...each, metric: 'processors', samples: samplesOf(`${system}, processors`) }),
        ]);
      }
      const longerThan = (other: string): number[] => {
        const others = samplesOf(other);
        return samplesOf('verified').map((ms, at) => (ms / (others[at] ?? Number.NaN) - 1) * 100);
      };
      const of = { system: 'weft', parameters, unit: '%' } as const;
      context.record([
        repeated({
          system: 'floor',
          parameters,
          unit: 'ms',
          metric: 'sha256',
          samples: samplesOf('sha256 alone'),
        }),
        repeated({ ...of, metric: 'longer by verification', samples: longerThan('unverified') }),
        repeated({ ...of, metric: 'verified, longer than fetch', samples: longerThan('fetch') }),
        ...foreignRows(turns, parameters),
      ]);
    }
  });
}

async function measureCrowd(context: RunContext, account: Account, reps: number): Promise<void> {
  const bytes = modelOf(`${context.seed}/crowd`, MODEL_BYTES);
  const ref = refOf(await uploaded(account, bytes), bytes);
  const job: Job = { kind: 'crowd', ref, times: CROWD, ...loginOf(account) };
  const reports: (readonly Figure[])[] = [];
  for (let rep = 0; rep < reps && !context.signal.aborted; rep += 1) {
    reports.push(await reportOf(CLIENT, job, context));
  }
  context.record(figureRows({ system: 'weft', parameters: { loads: CROWD, MiB: 1 } }, reports));
}

async function uploaded(account: Account, bytes: Uint8Array): Promise<string> {
  const url = `${account.homeserver}/_matrix/media/v3/upload`;
  const headers = { authorization: `Bearer ${account.token}`, 'content-type': 'model/gltf-binary' };
  const answer: unknown = await (
    await fetch(url, { method: 'POST', headers, body: new Uint8Array(bytes) })
  ).json();
  const uri: unknown =
    typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'content_uri') : null;
  if (typeof uri !== 'string') throw new Error(`the homeserver took no file: ${JSON.stringify(answer)}`);
  return uri;
}

function shown(figures: readonly Figure[]): string {
  return figures.map(({ metric, unit, value }) => `${metric} ${value.toFixed(0)} ${unit}`).join(', ');
}
