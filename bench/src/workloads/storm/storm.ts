import type { LoadReport, RunIn } from '../../peers/jobs.ts';
import { type LoadOptions, load, withServer } from '../../peers/run-system.ts';
import { sceneRecords } from '../../peers/scene.ts';
import {
  contestantsOf,
  DEFAULT_SETTING,
  installPeers,
  SYSTEMS,
  type SystemContestant,
  systemsOption,
  WEFT,
} from '../../peers/systems.ts';
import { latencies, repeated } from '../../record/measured.ts';
import type { Measurement } from '../../record/result.ts';
import { percentile } from '../../statistics/summary.ts';
import { checkStall, STALL_MS } from '../../turns/check-stall.ts';
import { foreignRows, takeTurns } from '../../turns/take-turns.ts';
import { defineWorkload, number, numbers, repetitions } from '../../workload.ts';

const STALL_EDITS = 100;
/** While both sides compile what they run. */
const WARM_UP_EDITS = 100;
/** What a session has behind it that is called a running one: at a rate that every system keeps up with. */
const RUN_IN: RunIn = { edits: 3000, rate: 300 };
/** Of a server and its clients, until the first edit; and for each client more. */
const START_SECONDS = 4;
const CLIENT_SECONDS = 0.2;

/** Edits through a server, seen by other clients, beside other systems that do it. */
export const storm = defineWorkload({
  name: 'storm',
  summary: 'an edit through the relay until another client shows it, beside other systems',
  options: {
    clients: numbers('2,32', { min: 2, max: 64 }, 'clients, who edit in turn'),
    objects: number(10_000, { min: 1, max: 100_000 }, 'objects in the scene'),
    edits: number(
      500,
      { min: 10, max: 100_000 },
      'edits that count, in a young session and in a running one',
    ),
    rate: number(50, { min: 1, max: 1000 }, 'edits a second, of all clients together'),
    reps: repetitions(5),
    systems: systemsOption(SYSTEMS, 'all'),
  },
  method: [
    'Each repetition has a fresh server process and a fresh process with all clients: one monotonic clock for writer and readers.',
    'An edit sets the position of one object; the clients take turns, and so do the objects of the same district for all systems.',
    'Open loop: edits are due by a timetable, and latency counts from there, also where the writer was late.',
    `The first ${WARM_UP_EDITS} edits of each repetition are made like the others and not counted.`,
    `Then the same processes make ${RUN_IN.edits} edits more, ${RUN_IN.rate} a second, which are not counted; when all of them were seen, as many as before are measured once more, in the same way: that is the running session.`,
    'Seen: the client reads the new value from its own graph, in the call by which its library tells of it.',
    'Compression is off everywhere. Peers run as they come and, where they document a faster setting, with that, too.',
    'weft is the whole relay, its journal on disk included, and the whole client of the lane; only Matrix is left out.',
    'Its relay has warmed up, as it does wherever nobody comes in its first second: for a second at most, on worlds of its own.',
    'floor is ws alone: a frame of as many bytes as an edit of Weft, sent to all others as it is.',
    'The order of systems turns round with each repetition. Percentiles are of one repetition; n counts repetitions.',
    `Self-test: the server of each system stands still for ${STALL_MS} ms once; where that does not show in p99, the run is void.`,
    'Any delivery that is missing voids the run.',
  ],
  seconds: ({ clients, edits, rate, reps, systems }) =>
    clients
      .map((count) => {
        const startSeconds = START_SECONDS + count * CLIENT_SECONDS;
        const oneSeconds = startSeconds + (WARM_UP_EDITS + 2 * edits) / rate + RUN_IN.edits / RUN_IN.rate;
        return contestantsOf(systems).length * (reps * oneSeconds + startSeconds + STALL_EDITS / rate);
      })
      .reduce((sum, seconds) => sum + seconds, 0),
  async run(context, { clients: counts, objects, edits, rate, reps, systems }) {
    await installPeers(context);
    const contestants = contestantsOf(systems);
    const records = sceneRecords(context.seed, objects);
    const play = ({ system, setting }: Omit<SystemContestant, 'name'>, options: LoadOptions) =>
      withServer({ system, setting, records, signal: context.signal }, (server) => load(server, options));
    const short = { rate, edits: STALL_EDITS, warmUp: 0, frameBytes: 0, stallMs: 0 };
    // The floor sends as many bytes as Weft does for an edit.
    const sent = await play({ system: WEFT, setting: DEFAULT_SETTING }, { ...short, clients: 2 });
    const frameBytes = Math.round(sent.bytesAnEdit);
    for (const clients of counts) {
      for (const contestant of contestants) {
        context.progress(`${clients} clients: a stall of ${contestant.name}`);
        const stalled = await play(contestant, { ...short, clients, frameBytes, stallMs: STALL_MS });
        checkStall(contestant.name, stalled.latenciesMs);
      }
      const options = { clients, edits, rate, warmUp: WARM_UP_EDITS, runIn: RUN_IN, frameBytes, stallMs: 0 };
      const turns = await takeTurns(context, {
        ...{ contestants, repetitions: reps, label: `${clients} clients` },
        measure: async (contestant) => complete(contestant, await play(contestant, options)),
        show: ({ latenciesMs, runningMs }) =>
          `${percentile(latenciesMs, 50).toFixed(2)} ms, running ${percentile(runningMs, 50).toFixed(2)} ms`,
      });
      const parameters = { clients, objects };
      for (const [name, reports] of turns.reports) context.record(rowsOf(name, parameters, reports));
      context.record(foreignRows(turns, parameters));
    }
  },
});

function complete({ name }: SystemContestant, report: LoadReport): LoadReport {
  if (report.missing === 0) return report;
  throw new Error(`${name}: ${report.missing} deliveries are missing: the run is void`);
}

function rowsOf(
  system: string,
  parameters: Measurement['parameters'],
  reports: readonly LoadReport[],
): Measurement[] {
  return [
    ...latencies(
      { metric: 'edit seen', system, parameters },
      reports.map(({ latenciesMs }) => latenciesMs),
    ),
    ...latencies(
      { metric: 'edit seen, running session', system, parameters },
      reports.map(({ runningMs }) => runningMs),
    ),
    repeated({
      ...{ metric: 'edit sent, size', system, parameters, unit: 'bytes an edit' },
      samples: reports.map(({ bytesAnEdit }) => bytesAnEdit),
    }),
  ];
}
