import { withServer } from '../../peers/run-system.ts';
import { DEFAULT_SETTING } from '../../peers/systems.ts';
import { type StepReport, withCrowd } from '../../poses/run-crowd.ts';
import { POSES_PER_SECOND } from '../../poses/timetable.ts';
import { nextMessage, withProcess } from '../../process/start-process.ts';
import { repeated, sampled } from '../../record/measured.ts';
import { isRecord } from '../../record/process-report.ts';
import type { Measurement } from '../../record/result.ts';
import { foreignRows, takeTurns } from '../../turns/take-turns.ts';
import { defineWorkload, number, type RunContext, repetitions } from '../../workload.ts';
import { WEFT_POSES } from '../poses/pose-systems.ts';
import type { HourOptions, HourReport } from './hour.ts';

/** Of how many who are nearest the age is looked at. */
const NEAREST = 30;
const WATCHERS = 4;
const WARM_UP_MS = 2000;
const OBJECTS = 1000;
const HOUR_MOVERS = 50;
/** Of a server, and for each client more. */
const START_SECONDS = 5;
const CLIENT_SECONDS = 0.006;
/** Worked off in a second, on the virtual clock. */
const POSES_A_SECOND = 50_000;

/** From the middle of the world to the edge of the square in which people walk. */
const PLACES = [
  { name: 'spread over half a kilometre', metres: 250 },
  { name: 'in one square', metres: 30 },
] as const;

/** More people than anybody can be told all of: what each is told of those who are near. */
export const crowd = defineWorkload({
  name: 'crowd',
  summary: 'a thousand movers on one relay: what each is told, and how old it is; and an hour of poses',
  options: {
    movers: number(1000, { min: 40, max: 1000 }, 'movers, who all see all of what is in their sight'),
    seconds: number(4, { min: 1, max: 60 }, 'seconds that are counted'),
    reps: repetitions(5),
    poses: number(72_000, { min: 20, max: 1_000_000 }, `poses of each of ${HOUR_MOVERS} movers in the hour`),
  },
  method: [
    'Each repetition has a fresh relay process, as it comes, and a fresh process with all clients, which decode what four of them are told; of the others all bytes are counted.',
    `Everybody walks and sends ${POSES_PER_SECOND} times a second, by a timetable (open loop), spread over 500 by 500 m or within 60 by 60 m.`,
    `Age of the nearest ${NEAREST}: looked at every 50 ms for each watcher, by where everybody truly is: how long ago what it was told last of each was sent. Since that is 50 ms at most where nothing takes any time, p50 is about 25 ms at best.`,
    'Starved is who read less than half of what the median receiver did, for each other one within 96 m along both axes: in the corners of a crowd there is less to be told.',
    'Bytes are those of the sockets, framing included, TCP not: the median receiver, and the one that read most.',
    `The hour: ${HOUR_MOVERS} movers in the room of a relay with its journal on disk, at 20 Hz on a virtual clock, worked off as fast as it goes; frames are encoded and decoded both ways. The graph is written as a file, and its hash taken, before and after.`,
  ],
  seconds: ({ movers, seconds, reps, poses }) =>
    reps * PLACES.length * (START_SECONDS + movers * CLIENT_SECONDS + seconds) +
    (poses * HOUR_MOVERS) / POSES_A_SECOND,
  async run(context, { movers, seconds, reps, poses }) {
    context.progress(`${poses} poses of each of ${HOUR_MOVERS} movers, on a virtual clock`);
    context.record(hourRows(await hour(context, poses), poses));
    const turns = await takeTurns(context, {
      ...{ contestants: PLACES, repetitions: reps, label: `${movers} movers` },
      measure: ({ metres }) => measure(context, movers, metres, seconds * 1000),
      show: ({ nearestAge, bytesPerSecond }) =>
        `nearest ${nearestAge?.p95.toFixed(0)} ms old, ${bytesPerSecond.median.toFixed(0)} bytes a second`,
    });
    for (const [place, reports] of turns.reports) context.record(crowdRows({ movers, place }, reports));
    context.record(foreignRows(turns, { movers }));
  },
});

async function measure(
  { seed, signal }: RunContext,
  movers: number,
  metres: number,
  windowMs: number,
): Promise<StepReport> {
  const server = { system: WEFT_POSES, setting: DEFAULT_SETTING, records: [], signal };
  const options = { seed, metres, watchers: WATCHERS, nearest: NEAREST };
  const report = await withServer(server, (running) =>
    withCrowd(running, options, (walking) => walking.step({ movers, warmUpMs: WARM_UP_MS, windowMs })),
  );
  if (report === null) throw new Error(`a crowd of ${movers} did not come in: the run is void`);
  return report;
}

function crowdRows(parameters: Measurement['parameters'], reports: readonly StepReport[]): Measurement[] {
  const row = (metric: string, unit: Measurement['unit'], read: (report: StepReport) => number) =>
    repeated({ ...{ metric, system: 'weft', parameters, unit }, samples: reports.map(read) });
  return [
    row(`age of the nearest ${NEAREST}, p50`, 'ms', ({ nearestAge }) => nearestAge?.p50 ?? Number.NaN),
    row(`age of the nearest ${NEAREST}, p95`, 'ms', ({ nearestAge }) => nearestAge?.p95 ?? Number.NaN),
    row('told, the median reader', 'bytes a second', ({ bytesPerSecond }) => bytesPerSecond.median),
    row('told, the reader of most', 'bytes a second', ({ bytesPerSecond }) => bytesPerSecond.most),
    row('pose told, size', 'bytes a pose', ({ bytesAPose }) => bytesAPose),
    row('starved', 'receivers', ({ starved }) => starved),
    row('server', 'cores', ({ serverCores }) => serverCores),
    row('process of all clients', 'cores', ({ loadCores }) => loadCores),
    row('sent late, p95', 'ms', ({ lateMs }) => lateMs),
  ];
}

/** @throws Error where the graph is another one afterwards: a hash says more than a size */
async function hour({ seed, signal }: RunContext, poses: number): Promise<HourReport> {
  const job: Omit<HourOptions, 'directory'> = { seed, movers: HOUR_MOVERS, poses, objects: OBJECTS };
  const module = new URL('hour-process.ts', import.meta.url);
  const report = await withProcess(module, job, { signal }, (child) =>
    nextMessage(child, (message) => (isHourReport(message.report) ? message.report : null)),
  );
  if (!report.isSame) throw new Error('poses changed the graph: the run is void');
  if (report.told < poses)
    throw new Error(`the movers of the hour were told ${report.told} times: the run is void`);
  return report;
}

function hourRows(
  { graphBytes, diskBytes, wholeBytes, stepBytes }: HourReport,
  poses: number,
): Measurement[] {
  const parameters = { movers: HOUR_MOVERS, 'poses each': poses };
  const row = (metric: string, unit: Measurement['unit'], value: number) =>
    sampled({ ...{ metric, system: 'weft', parameters, unit }, samples: [value] });
  return [
    row('growth of the graph', 'bytes', graphBytes.after - graphBytes.before),
    row('growth of the journal', 'bytes', diskBytes.after - diskBytes.before),
    row('whole pose, the largest', 'bytes a pose', wholeBytes),
    row('step of a walk, mean', 'bytes a pose', stepBytes),
  ];
}

function isHourReport(value: unknown): value is HourReport {
  return isRecord(value) && isRecord(value.graphBytes) && typeof value.isSame === 'boolean';
}
