import { type Measurement, MORE_IS_BETTER } from '../../record/result.ts';
import { overlap } from '../../statistics/interval.ts';
import { nameOfSystem } from '../system-names.ts';
import { LONGER_BY_VERIFICATION } from './asset-rows.ts';
import { type CitedRun, counted } from './cited-run.ts';

interface Claim {
  readonly workload: string;
  readonly metric: string;
  /** What takes longer, or more. */
  readonly words: (parameters: Measurement['parameters']) => string;
  /** Where a system is something else than in the workloads beside others. */
  readonly names?: Readonly<Record<string, string>>;
}

/** Figures that stand beside others of the same name. */
const CLAIMS: readonly Claim[] = [
  {
    workload: 'storm',
    metric: 'edit seen, p50',
    words: ({ clients }) => `An edit over a relay between ${clients} clients takes`,
  },
  {
    workload: 'storm',
    metric: 'edit seen, running session, p50',
    words: ({ clients }) => `In a session that has been running it takes, between ${clients} clients,`,
  },
  {
    workload: 'storm',
    metric: 'edit sent, size',
    words: ({ clients }) => `In bytes an edit of one of ${clients} clients is`,
  },
  {
    workload: 'poses',
    metric: 'pose age, p50',
    words: ({ movers }) => `A pose with ${movers} movers takes`,
  },
  {
    workload: 'poses',
    metric: 'pose told, size',
    words: ({ movers }) => `In bytes a pose with ${movers} movers is`,
  },
  {
    workload: 'poses',
    metric: 'largest crowd that keeps up',
    words: () => 'The largest crowd that keeps up, at 48 kB a second to each, is',
  },
  {
    workload: 'cold-join',
    metric: 'join',
    words: ({ objects }) => `Coming into ${counted(Number(objects))} objects takes`,
  },
  {
    workload: 'cold-join',
    metric: 'read',
    words: ({ objects }) => `Coming into ${counted(Number(objects))} objects reads`,
  },
  {
    workload: 'burst',
    metric: 'durable',
    words: ({ objects }) =>
      `Until ${counted(Number(objects))} ${objects === 1 ? 'object is' : 'objects are'} durable it takes`,
    names: { floor: 'the same bytes in one event', events: 'one event an object' },
  },
];

/** In sentences, from the runs alone: every rival that Weft does not beat, unless the intervals overlap. */
export function lossSentences(runs: readonly CitedRun[]): string[] {
  return [...CLAIMS.flatMap((claim) => runs.flatMap((run) => lossesOf(run, claim))), ...own(runs)];
}

function lossesOf(run: CitedRun, { workload, metric, words, names = {} }: Claim): string[] {
  const { measurements } = run.result;
  if (run.result.workload !== workload) return [];
  return measurements
    .filter((weft) => weft.system === 'weft' && weft.metric === metric)
    .flatMap((weft) => {
      const winners = measurements.filter((other) => isAhead(other, weft));
      if (winners.length === 0) return [];
      const beaten = winners.map(
        ({ system, p50 }) => `${(weft.p50 / p50).toFixed(1)} × ${names[system] ?? nameOfSystem(system)}`,
      );
      return [`${words(weft.parameters)} ${beaten.join(', ')} (n = ${weft.n}).`];
    });
}

function isAhead(other: Measurement, weft: Measurement): boolean {
  if (other.system === weft.system || other.metric !== weft.metric) return false;
  // Another setting of Weft is no rival.
  if (other.system.startsWith('weft')) return false;
  if (MORE_IS_BETTER.has(weft.unit) ? other.p50 <= weft.p50 : other.p50 >= weft.p50) return false;
  const isSame = Object.entries(weft.parameters).every(([name, value]) => other.parameters[name] === value);
  if (!isSame) return false;
  // A run of few repetitions has no intervals: then the median decides, against Weft.
  return weft.interval == null || other.interval == null || !overlap(weft.interval, other.interval);
}

/** What costs more than people expect, with nothing beside it. */
function own(runs: readonly CitedRun[]): string[] {
  const sentences: string[] = [];
  for (const run of runs) {
    const objects = Math.max(...run.values('objects'));
    const many = counted(objects);
    if (run.result.workload === 'graph')
      sentences.push(
        `The first blob of ${many} objects in a process takes ${run.show('weft', 'whole, cold', { objects })} (\`JSON.parse\` of the same rows ${run.show('plain JSON', 'JSON.parse, cold', { objects })}), and what opening leaves for later comes on top: the first query by name ${run.show('weft', 'first query by name, after opening, cold', { objects })}, the first by place ${run.show('weft', 'first query by place, after opening, cold', { objects })}.`,
        `With ten rules one edit in a hundred takes ${run.show('weft, ten rules', 'one edit, p99 of 2000', { objects })} or more, and putting ten rules in force on such a world ${run.show('weft, ten rules', 'rules put in force', { objects })}.`,
      );
    for (const { metric, parameters, interval, n } of run.result.measurements)
      if (metric === LONGER_BY_VERIFICATION && (interval?.low ?? 1) > 0)
        sentences.push(
          `To prove the hash of a file of ${parameters.MiB} MiB by ${parameters.from} from this machine takes ${run.show('weft', metric, parameters)} longer than not to (n = ${n}).`,
        );
    if (run.result.workload === 'open')
      sentences.push(
        `Loading the library takes ${run.show('weft', 'library loaded', { objects })} before anything else.`,
      );
  }
  return sentences;
}
