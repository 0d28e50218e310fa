import { ForeignCpu } from '../record/foreign-cpu.ts';
import { sampled } from '../record/measured.ts';
import type { Measurement } from '../record/result.ts';
import type { WorkloadContext } from '../workload.ts';

/** What is measured beside others. */
export interface Contestant {
  readonly name: string;
}

export interface Turns<R> {
  /** By the name of the contestant, in the order in which they were given; nobody is there who was never measured. */
  readonly reports: ReadonlyMap<string, readonly R[]>;
  /** What else the machine did during each turn; empty where the kernel does not tell. */
  readonly foreignCores: readonly number[];
}

export interface TurnsOptions<C extends Contestant, R> {
  readonly contestants: readonly C[];
  readonly repetitions: number;
  /** One repetition of one contestant, in processes that nobody used before. */
  readonly measure: (contestant: C, repetition: number) => Promise<R>;
  /** A few words on a report, for whoever waits. */
  readonly show: (report: R) => string;
  /** What tells these turns from others of the same run. */
  readonly label: string;
}

/**
 * Contestants take turns, in reversed order every second time (A B B A), so that what drifts meets all alike. Ends
 * early, with what was measured in full, where somebody stops the run.
 */
export async function takeTurns<C extends Contestant, R>(
  { signal, progress }: Pick<WorkloadContext, 'signal' | 'progress'>,
  { contestants, repetitions, measure, show, label }: TurnsOptions<C, R>,
): Promise<Turns<R>> {
  const reports = new Map<string, R[]>();
  const foreignCores: number[] = [];
  const steps = Array.from({ length: repetitions }, (_, repetition) =>
    (repetition % 2 === 0 ? contestants : contestants.toReversed()).map(
      (contestant) => [contestant, repetition] as const,
    ),
  ).flat();
  for (const [contestant, repetition] of steps) {
    if (signal.aborted) break;
    const foreign = new ForeignCpu();
    try {
      const report = await measure(contestant, repetition);
      reports.set(contestant.name, [...(reports.get(contestant.name) ?? []), report]);
      progress(
        `${label}, repetition ${repetition + 1} of ${repetitions}: ${contestant.name} ${show(report)}`,
      );
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    const cores = foreign.cores();
    if (cores !== null) foreignCores.push(cores);
  }
  const order = contestants.map(({ name }) => name);
  return {
    reports: new Map([...reports].toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b))),
    foreignCores,
  };
}

/** What else the machine did, as a row beside the figures that it spoils. */
export function foreignRows(
  { foreignCores: samples }: Pick<Turns<unknown>, 'foreignCores'>,
  parameters: Measurement['parameters'],
): Measurement[] {
  if (samples.length === 0) return [];
  const of = { metric: 'used by others meanwhile', system: 'machine', unit: 'cores' } as const;
  return [sampled({ ...of, parameters, samples })];
}
