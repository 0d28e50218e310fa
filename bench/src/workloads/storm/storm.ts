import type { LoadReport } from '../../peers/jobs.ts';
import { type LoadOptions, load, withServer } from '../../peers/run-system.ts';
import { sceneRecords } from '../../peers/scene.ts';
import { chosenSystems, installPeers, type System, WEFT } from '../../peers/systems.ts';
import type { Measurement } from '../../record/result.ts';
import { percentile, summarise } from '../../statistics/summary.ts';
import { type Workload, type WorkloadContext, wholeNumbers } from '../../workload.ts';

/** How long the server is made to stand still in the self-test, and what of it must show. */
const STALL_MS = 200;
const STALL_SHOWN = 0.75;
const STALL_EDITS = 100;
const PERCENTS = [50, 95, 99] as const;

/** Edits through a server, seen by other clients, beside other systems that do it. */
export const storm: Workload = {
  name: 'storm',
  summary: 'an edit through the relay until another client shows it, beside other systems',
  options: [
    { name: 'clients', value: 'N,N', default: '2,32', help: 'clients, who edit in turn' },
    { name: 'objects', value: 'N', default: '10000', help: 'objects in the scene' },
    { name: 'edits', value: 'N', default: '1000', help: 'edits of each repetition' },
    { name: 'rate', value: 'N', default: '50', help: 'edits a second, of all clients together' },
    { name: 'reps', value: 'N', default: '5', help: 'repetitions' },
    { name: 'systems', value: 'A,B', default: 'all', help: 'weft, floor, y-websocket, hocuspocus, colyseus' },
  ],
  method: [
    'Each repetition has a fresh server process and a fresh process with all clients: one monotonic clock for writer and readers.',
    'An edit sets the position of one object; the clients take turns, and so do the objects of the same district for all systems.',
    'Open loop: edits are due by a timetable, and latency counts from there, also where the writer was late.',
    'Seen: the client reads the new value from its own graph, in the call by which its library tells of it.',
    'Compression is off everywhere. Peers run as they come and, where they document a faster setting, with that, too.',
    'weft is the whole relay, its journal on disk included, and the whole client of the lane; only Matrix is left out.',
    'floor is ws alone: a frame of as many bytes as an edit of Weft, sent to all others as it is.',
    'The order of systems turns round with each repetition. Percentiles are of one repetition; n counts repetitions.',
    `Self-test: the server of each system stands still for ${STALL_MS} ms once; where that does not show, the run is void.`,
    'Any delivery that is missing voids the run.',
  ],
  run: measureStorm,
};

interface Contestant {
  readonly system: System;
  readonly setting: string;
  readonly name: string;
}

async function measureStorm(context: WorkloadContext): Promise<readonly Measurement[]> {
  const counts = wholeNumbers(context, 'clients', { min: 2, max: 64 });
  const [objects = 1] = wholeNumbers(context, 'objects', { min: 1, max: 100_000 });
  const [edits = 1] = wholeNumbers(context, 'edits', { min: 10, max: 100_000 });
  const [rate = 1] = wholeNumbers(context, 'rate', { min: 1, max: 1000 });
  const [repetitions = 1] = wholeNumbers(context, 'reps', { min: 1, max: 100 });
  const systems = chosenSystems(context);
  await installPeers(context);
  const contestants = contestantsOf(systems);
  const records = sceneRecords(context.seed, objects);
  const play = ({ system, setting }: Contestant, options: LoadOptions) =>
    withServer({ system, setting, records, signal: context.signal }, (server) => load(server, options));
  const frameBytes = await bytesOfAnEdit((options) =>
    play({ system: WEFT, setting: 'default', name: '' }, options),
  );
  const measurements: Measurement[] = [];
  for (const clients of counts) {
    const options = { clients, edits, rate, frameBytes, stallMs: 0 };
    for (const contestant of contestants)
      checkStall(contestant, await play(contestant, { ...options, edits: STALL_EDITS, stallMs: STALL_MS }));
    const reports = new Map<string, LoadReport[]>(contestants.map(({ name }) => [name, []]));
    for (let at = 0; at < repetitions; at += 1) {
      for (const contestant of at % 2 === 0 ? contestants : contestants.toReversed()) {
        const report = await play(contestant, options);
        if (report.missing > 0)
          throw new Error(`${contestant.name}: ${report.missing} deliveries are missing: the run is void`);
        reports.get(contestant.name)?.push(report);
        const p50 = percentile(report.latenciesMs, 50).toFixed(2);
        context.progress(`${clients} clients, repetition ${at + 1}: ${contestant.name} ${p50} ms`);
      }
    }
    for (const [name, all] of reports) measurements.push(...measurementsOf(name, { clients, objects }, all));
  }
  return measurements;
}

function contestantsOf(systems: readonly System[]): readonly Contestant[] {
  return systems.flatMap((system) =>
    Object.keys(system.settings).map((setting) => ({
      ...{ system, setting },
      name: setting === 'default' ? system.name : `${system.name}, ${setting}`,
    })),
  );
}

/** As many bytes as Weft sends for one. */
async function bytesOfAnEdit(play: (options: LoadOptions) => Promise<LoadReport>): Promise<number> {
  const report = await play({ clients: 2, edits: STALL_EDITS, rate: 50, frameBytes: 0, stallMs: 0 });
  return Math.round(report.bytesAnEdit);
}

function checkStall({ name }: Contestant, { latenciesMs }: LoadReport): void {
  const p99 = percentile(latenciesMs, 99);
  if (p99 < STALL_SHOWN * STALL_MS)
    throw new Error(
      `${name}: a stall of ${STALL_MS} ms shows as ${p99.toFixed(0)} ms in p99: the run is void`,
    );
}

function measurementsOf(
  system: string,
  parameters: Measurement['parameters'],
  reports: readonly LoadReport[],
): Measurement[] {
  const row = (metric: string, unit: Measurement['unit'], samples: readonly number[]): Measurement => ({
    ...{ metric, system, parameters, unit, samples },
    ...summarise(samples),
  });
  return [
    ...PERCENTS.map((percent) =>
      row(
        `edit seen, p${percent}`,
        'ms',
        reports.map(({ latenciesMs }) => percentile(latenciesMs, percent)),
      ),
    ),
    row(
      'edit sent, size',
      'bytes an edit',
      reports.map(({ bytesAnEdit }) => bytesAnEdit),
    ),
  ];
}
