import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stack } from '@weft/cli/stack';
import { parseUserId } from '@weft/core';
import { type RelayTransport, relayTransport } from '@weft/protocol';
import { startBenchHomeserver } from '../../homeserver/bench-homeserver.ts';
import { load, withServer } from '../../peers/run-system.ts';
import { sceneRecords } from '../../peers/scene.ts';
import { installPeers, SYSTEMS } from '../../peers/systems.ts';
import { isRecord, JOB_VARIABLE } from '../../record/process-report.ts';
import type { Measurement } from '../../record/result.ts';
import { summarise } from '../../statistics/summary.ts';
import { type Workload, type WorkloadContext, wholeNumbers } from '../../workload.ts';
import { type LaneName, laneLatencies } from './lane-run.ts';
import type { RelayJob } from './relay-process.ts';

/** Bytes of the floor's frames: about what an edit takes on the lane. */
const FLOOR_BYTES = 120;

/** One edit, from its author to somebody who looks on, by each way that there is. */
export const lanes: Workload = {
  name: 'lanes',
  summary: 'an edit from its author to an observer: over a relay, and by the room alone',
  options: [
    { name: 'edits', value: 'N', default: '300', help: 'edits over the relay, and of the floor' },
    { name: 'rate', value: 'N', default: '20', help: 'edits a second of these' },
    { name: 'matrix-edits', value: 'N', default: '60', help: 'edits by the room alone, one a second' },
  ],
  method: [
    'Author and observer are two worlds in one process, each with an account of its own on one Synapse; the relay is another process.',
    'The homeserver limits nobody here: by the room alone its limits would be all that is measured. It has nothing else to do.',
    'Each edit moves the same object; latency counts from when the edit was due until the observer’s graph shows it or a later one.',
    'floor is ws alone with one sender and one receiver.',
  ],
  run: measureLanes,
};

async function measureLanes(context: WorkloadContext): Promise<readonly Measurement[]> {
  const [edits = 1] = wholeNumbers(context, 'edits', { min: 1, max: 100_000 });
  const [rate = 1] = wholeNumbers(context, 'rate', { min: 1, max: 1000 });
  const [slowEdits = 1] = wholeNumbers(context, 'matrix-edits', { min: 1, max: 10_000 });
  const { signal, progress } = context;
  await installPeers(context);
  const stack = await startBenchHomeserver(context.root, context);
  try {
    const measurements: Measurement[] = [];
    const add = (system: string, samples: readonly number[]): void => {
      progress(`${system}: ${samples.length} edits seen`);
      const of = { metric: 'edit seen', system, parameters: {}, unit: 'ms' } as const;
      measurements.push({ ...of, ...summarise(samples), samples });
    };
    const measure = async (lane: LaneName, relay: RelayTransport | null): Promise<void> => {
      const run = randomBytes(6).toString('hex');
      const people = {
        author: await stack.account(`author-${run}`),
        observer: await stack.account(`observer-${run}`),
      };
      const pace = lane === 'matrix' ? { edits: slowEdits, rate: 1 } : { edits, rate };
      add(lane, await laneLatencies({ ...people, ...pace, lane, relay, signal }));
    };
    add('floor', await floorLatencies(context, edits, rate));
    await withRelay(stack, (relay) => measure('relay', relay));
    await measure('matrix', null);
    return measurements;
  } finally {
    await stack.stop();
  }
}

async function floorLatencies(
  { seed, signal }: WorkloadContext,
  edits: number,
  rate: number,
): Promise<readonly number[]> {
  const system = SYSTEMS.find(({ name }) => name === 'floor');
  if (system === undefined) throw new TypeError('there is no floor');
  const server = { system, setting: 'default', records: sceneRecords(seed, 10), signal };
  const options = { clients: 2, edits, rate, frameBytes: FLOOR_BYTES, stallMs: 0 };
  return (await withServer(server, (running) => load(running, options))).latenciesMs;
}

async function withRelay(stack: Stack, use: (relay: RelayTransport) => Promise<void>): Promise<void> {
  const { homeserver, token } = await stack.account(`relay-${randomBytes(6).toString('hex')}`);
  const directory = await mkdtemp(join(tmpdir(), 'weft-bench-'));
  const job: RelayJob = { homeserver, token, directory };
  const child = fork(new URL('relay-process.ts', import.meta.url), {
    env: { ...process.env, [JOB_VARIABLE]: JSON.stringify(job) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    const relay = await new Promise<RelayTransport>((resolve, reject) => {
      child.once('message', (ready: unknown) => {
        const { url, user } = isRecord(ready) ? ready : {};
        resolve(relayTransport(String(url), parseUserId(String(user))));
      });
      child.once('exit', (code) => reject(new Error(`the relay ended with ${code}`)));
    });
    await use(relay);
  } finally {
    child.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}
