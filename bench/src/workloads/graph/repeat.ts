import type { Figure } from '../../record/process-report.ts';
import { percentile } from '../../statistics/summary.ts';

/** Runs in one process after the first, which is the cold one. */
const WARM_RUNS = 5;

export type Times = Readonly<Record<string, number>>;

/** The first run of a process as `cold`, and the median of the next ones as `warm`. Collections come as they do in a program. */
export function coldAndWarm(run: () => Times): Figure[] {
  const runs = Array.from({ length: 1 + WARM_RUNS }, run);
  const [cold = {}, ...warm] = runs;
  return Object.entries(cold).flatMap(([metric, ms]) => [
    { metric: `${metric}, cold`, unit: 'ms' as const, value: ms },
    {
      metric: `${metric}, warm`,
      unit: 'ms' as const,
      value: percentile(
        warm.map((times) => times[metric] ?? 0),
        50,
      ),
    },
  ]);
}
