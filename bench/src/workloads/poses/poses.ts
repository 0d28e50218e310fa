import { withServer } from '../../peers/run-system.ts';
import { contestantsOf, installPeers, type SystemContestant, systemsOption } from '../../peers/systems.ts';
import { POSES_PER_SECOND } from '../../poses/timetable.ts';
import { checkStallShown, STALL_MS } from '../../turns/check-stall.ts';
import { foreignRows, takeTurns } from '../../turns/take-turns.ts';
import { defineWorkload, number, numbers, repetitions } from '../../workload.ts';
import { type ClimbOptions, climb } from './climb.ts';
import { MAX_AGE_MS, MAX_LATE_MS, MAX_LOAD_CORES, MIN_TOLD } from './keeps-up.ts';
import { posePlot, poseTable } from './pose-report.ts';
import { poseRows } from './pose-rows.ts';
import { POSE_SYSTEMS, WEFT_POSES } from './pose-systems.ts';

/** So that all see all, whatever a system makes of distances. */
const METRES = 20;
const WARM_UP_MS = 1000;
const STALL_MOVERS = 8;
/** Of a server and its clients until the first of them move, and what a step takes beside what is counted. */
const START_SECONDS = 3;
const STEP_SECONDS = 1.7;
/** How much of the ladder a system climbs, as a rule. */
const CLIMBED = 0.77;

/** How people move, beside other systems: who keeps up with how many. */
export const poses = defineWorkload({
  name: 'poses',
  summary: 'how old poses are when they come, by the number of movers, beside other systems',
  options: {
    movers: numbers(
      '8,32,64,100,200,300,400,600,800,1000,1200,1500',
      { min: 8, max: 1500 },
      'movers, from few to many; each moves, and is told of all others',
    ),
    seconds: number(1, { min: 1, max: 60 }, 'seconds that are counted for each number of movers'),
    watchers: number(4, { min: 1, max: 8 }, 'receivers who look at all that they are told'),
    reps: repetitions(5),
    systems: systemsOption(POSE_SYSTEMS, 'all'),
  },
  method: [
    'Each repetition has a fresh server process and a fresh process with all clients: one monotonic clock for senders and receivers.',
    `Everybody walks and sends ${POSES_PER_SECOND} times a second, each at a moment of their own by a timetable (open loop), and is told of all others.`,
    'The crowd grows in one repetition from one number to the next, until the system does not keep up any more: that number is measured, and is its last. Nobody moves while others come in.',
    `A system keeps up where p95 of the age is at most ${MAX_AGE_MS} ms, at least ${MIN_TOLD * 100} % of the poses come, and no receiver reads less than half of what the median one does.`,
    `Where it does not, and the process of all clients sends ${MAX_LATE_MS} ms late (p95) or uses ${MAX_LOAD_CORES} of a processor, the end is that process's, not the system's: "may keep up with more".`,
    'Age: from when the sender hands a pose to its library until the library of a receiver tells of it. A pose that was passed over for a newer one is as old as that one makes it.',
    `Some receivers look at all that they are told, with the library of their system; of the others all bytes are read, counted and thrown away, alike for all systems. Their replies are missing: what clients of y-websocket echo, it is spared.`,
    `The first ${WARM_UP_MS} ms of each number are not counted.`,
    'Bytes are those of the sockets of watchers, framing included, TCP not. Compression is off everywhere.',
    'weft is the whole relay, its journal on disk included; only Matrix is left out. Interpolation, by which clients show poses late on purpose, is left out of all systems.',
    'floor is ws alone: 36 bytes a pose, each to each reader at once, and gathered for 16 ms into one frame for all (ticked).',
    'Poses as JSON are rounded to a thousandth, which makes them shorter than as they come.',
    'Server and clients share the two processors: with more of them all would keep up with more.',
    'The order of systems turns round with each repetition. Percentiles are of one repetition; n counts repetitions.',
    `Self-test: the server of each system stands still for ${STALL_MS} ms once; where that does not show in p99, the run is void.`,
  ],
  seconds: ({ movers, seconds, reps, systems }) => {
    const steps = Math.max(1, movers.length * CLIMBED);
    const one = START_SECONDS + steps * (STEP_SECONDS + seconds);
    return contestantsOf(systems).length * (reps * one + START_SECONDS + STEP_SECONDS + seconds);
  },
  async run(context, { movers, seconds, watchers, reps, systems }) {
    if (systems.some((system) => system !== WEFT_POSES)) await installPeers(context);
    const contestants = contestantsOf(systems);
    const ladder = movers.toSorted((a, b) => a - b);
    const options = {
      ...{ seed: context.seed, metres: METRES, watchers, ladder },
      ...{ warmUpMs: WARM_UP_MS, windowMs: seconds * 1000 },
    };
    const play = (contestant: SystemContestant, stallMs: number, changes: Partial<ClimbOptions> = {}) =>
      withServer({ ...contestant, records: [], signal: context.signal }, (server) =>
        climb(server, { ...options, ...changes, stallMs }),
      );
    for (const contestant of contestants) {
      context.progress(`a stall of ${contestant.name}`);
      const { steps } = await play(contestant, STALL_MS, { ladder: [STALL_MOVERS] });
      for (const { age } of steps) checkStallShown(contestant.name, age);
    }
    const turns = await takeTurns(context, {
      ...{ contestants, repetitions: reps, label: 'poses' },
      measure: (contestant) => play(contestant, 0),
      show: ({ largest, isAtLeast, steps }) =>
        `${isAtLeast ? 'at least ' : ''}${largest}; ${steps.map(({ movers: count, age }) => `${count}: ${age.p95.toFixed(1)}`).join(', ')} ms`,
    });
    for (const [name, climbs] of turns.reports) context.record(poseRows(name, climbs));
    context.record(foreignRows(turns, {}));
  },
  beside(result) {
    const plot = posePlot(result);
    return { md: poseTable(result), ...(plot === null ? {} : { svg: plot }) };
  },
});
