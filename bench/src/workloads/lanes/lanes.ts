import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stack } from '@weft/cli/stack';
import { parseUserId } from '@weft/core';
import { type RelayTransport, relayTransport } from '@weft/protocol';
import type { Lane } from '@weft/world';
import { startBenchHomeserver } from '../../homeserver/bench-homeserver.ts';
import { stallHomeserver } from '../../homeserver/stall-homeserver.ts';
import { load, withServer } from '../../peers/run-system.ts';
import { sceneRecords } from '../../peers/scene.ts';
import { DEFAULT_SETTING, FLOOR, installPeers } from '../../peers/systems.ts';
import { stallProcess } from '../../process/serve-parent.ts';
import { nextMessage, withProcess } from '../../process/start-process.ts';
import { latencies } from '../../record/measured.ts';
import { percentile } from '../../statistics/summary.ts';
import { checkStall, STALL_MS } from '../../turns/check-stall.ts';
import { foreignRows, takeTurns } from '../../turns/take-turns.ts';
import { defineWorkload, number, type RunContext, repetitions } from '../../workload.ts';
import { isLaneReport, type LaneJob } from './lane-job.ts';
import type { RelayJob } from './relay-process.ts';

/** Bytes of the floor's frames: about what an edit takes on the lane. */
const FLOOR_BYTES = 120;
const FLOOR_OBJECTS = 10;
const WARM_UP_EDITS = 10;
/** In the self-test edits come so fast that some are always on their way. */
const STALLED = { edits: 100, rate: 50 } as const;
/** Edits a second: below what the lane sends, so that none waits for the one before. */
const PEER_RATE = 4;
const MATRIX_RATE = 1;
const START_SECONDS = 8;

interface Pace {
  readonly edits: number;
  readonly rate: number;
}

/** Makes the server through which edits go stand still. */
type Stall = () => Promise<void>;

/** One edit, from its author to somebody who looks on, by each way that there is. */
export const lanes = defineWorkload({
  name: 'lanes',
  summary:
    'an edit from its author to an observer: over a relay, from device to device, and by the room alone',
  options: {
    reps: repetitions(5),
    edits: number(
      300,
      { min: 1, max: 100_000 },
      'edits over the relay, and of the floor, of each repetition',
    ),
    rate: number(20, { min: 1, max: 1000 }, 'edits a second of these'),
    'peer-edits': number(100, { min: 1, max: 10_000 }, 'edits from device to device, four a second'),
    'matrix-edits': number(60, { min: 1, max: 10_000 }, 'edits by the room alone, one a second'),
  },
  method: [
    'Author and observer are two worlds in one fresh process, each with an account of its own on one Synapse; the relay is another fresh process.',
    'The homeserver limits nobody here: by the room alone its limits would be all that is measured. It has nothing else to do.',
    'Each edit moves the same object; latency counts from when the edit was due until the observer’s graph shows it or a later one.',
    'peer is edits as to-device messages through the homeserver, no more than five a second: measured at four a second, so that each edit is one.',
    'matrix is state events of the room, measured at one a second.',
    `The first ${WARM_UP_EDITS} edits of each repetition are made like the others and not counted.`,
    'floor is ws alone with one sender and one receiver.',
    'The order of lanes turns round with each repetition. Percentiles are of one repetition; n counts repetitions.',
    `Self-test: the relay, or the homeserver, stands still for ${STALL_MS} ms once; where that does not show in p99, the run is void.`,
  ],
  seconds: ({ reps, edits, rate, 'peer-edits': peerEdits, 'matrix-edits': matrixEdits }) => {
    const paces = [
      { edits, rate },
      { edits, rate },
      { edits: peerEdits, rate: PEER_RATE },
      { edits: matrixEdits, rate: MATRIX_RATE },
    ];
    const seconds = (pace: Pace): number => START_SECONDS + (WARM_UP_EDITS + pace.edits) / pace.rate;
    return paces.reduce((sum, pace) => sum + reps * seconds(pace) + seconds(STALLED), 0);
  },
  async run(context, { reps, edits, rate, 'peer-edits': peerEdits, 'matrix-edits': matrixEdits }) {
    await installPeers(context);
    const stack = await startBenchHomeserver(context.root, context);
    try {
      const fast = { edits, rate };
      const contestants = [
        { name: 'relay', pace: fast, measure: relayed(stack, context) },
        {
          ...{ name: 'peer', pace: { edits: peerEdits, rate: PEER_RATE } },
          measure: unrelayed(stack, context, 'peer'),
        },
        {
          ...{ name: 'matrix', pace: { edits: matrixEdits, rate: MATRIX_RATE } },
          measure: unrelayed(stack, context, 'matrix'),
        },
        { name: 'floor', pace: fast, measure: (pace: Pace, stalls: boolean) => floor(context, pace, stalls) },
      ];
      for (const { name, measure } of contestants) {
        context.progress(`a stall of ${name}`);
        checkStall(name, await measure(STALLED, true));
      }
      const turns = await takeTurns(context, {
        ...{ contestants, repetitions: reps, label: 'edits' },
        measure: ({ pace, measure }) => measure(pace, false),
        show: (latenciesMs) => `${percentile(latenciesMs, 50).toFixed(1)} ms`,
      });
      for (const [system, all] of turns.reports)
        context.record(latencies({ metric: 'edit seen', system, parameters: {} }, all));
      context.record(foreignRows(turns, {}));
    } finally {
      await stack.stop();
    }
  },
});

async function floor({ seed, signal }: RunContext, pace: Pace, stalls: boolean): Promise<readonly number[]> {
  const records = sceneRecords(seed, FLOOR_OBJECTS);
  const options = { clients: 2, ...pace, warmUp: WARM_UP_EDITS, frameBytes: FLOOR_BYTES };
  const report = await withServer({ system: FLOOR, setting: DEFAULT_SETTING, records, signal }, (server) =>
    load(server, { ...options, stallMs: stalls ? STALL_MS : 0 }),
  );
  return report.latenciesMs;
}

/** Over a relay of its own, in a fresh process. */
function relayed(stack: Stack, context: RunContext) {
  return async (pace: Pace, stalls: boolean): Promise<readonly number[]> => {
    const { homeserver, token } = await stack.account(`relay-${randomBytes(6).toString('hex')}`);
    const directory = await mkdtemp(join(tmpdir(), 'weft-bench-'));
    const job: RelayJob = { homeserver, token, directory };
    try {
      return await withProcess(new URL('relay-process.ts', import.meta.url), job, context, async (child) => {
        const relay = await nextMessage(child, ({ url, user }) =>
          typeof url === 'string' && typeof user === 'string' ? relayTransport(url, parseUserId(user)) : null,
        );
        const stall = (): Promise<void> => stallProcess(child, STALL_MS);
        return laneLatencies(stack, context, { ...pace, lane: 'relay', relay }, stalls ? stall : null);
      });
    } finally {
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    }
  };
}

/** By the homeserver alone. */
function unrelayed(stack: Stack, context: RunContext, lane: Lane) {
  return (pace: Pace, stalls: boolean): Promise<readonly number[]> => {
    const stall = (): Promise<void> => stallHomeserver(stack, STALL_MS);
    return laneLatencies(stack, context, { ...pace, lane, relay: null }, stalls ? stall : null);
  };
}

async function laneLatencies(
  stack: Stack,
  { signal }: RunContext,
  of: Pace & { readonly lane: Lane; readonly relay: RelayTransport | null },
  stall: Stall | null,
): Promise<readonly number[]> {
  const run = randomBytes(6).toString('hex');
  const [author, observer] = [await stack.account(`author-${run}`), await stack.account(`observer-${run}`)];
  const job: LaneJob = { ...of, author, observer, warmUp: WARM_UP_EDITS };
  return withProcess(new URL('lane-process.ts', import.meta.url), job, { signal }, async (child) => {
    if (stall !== null) {
      await nextMessage(child, ({ event }) => (event === 'begins' ? true : null));
      setTimeout(
        () => void stall().catch(() => undefined),
        ((WARM_UP_EDITS + of.edits / 2) * 1000) / of.rate,
      );
    }
    const report = await nextMessage(child, ({ report }) => (isLaneReport(report) ? report : null));
    return report.latenciesMs;
  });
}
