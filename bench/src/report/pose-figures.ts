import type { Result } from '../record/result.ts';

/** A run of the workload `poses`. */
export type PosesRun = Pick<Result, 'measurements'>;

export const LARGEST = 'largest crowd that keeps up';
const MORE = 'may keep up with more';

/** `300 [300, 400]`, and `≥` where it may be more. */
export function largestOf(run: PosesRun, system: string): string {
  const largest = run.measurements.find((one) => one.system === system && one.metric === LARGEST);
  const more = run.measurements.find((one) => one.system === `ladder of ${system}` && one.metric === MORE);
  if (largest === undefined) return '';
  const { interval, p50 } = largest;
  const bounds =
    interval === null || interval.low === interval.high ? '' : ` [${interval.low}, ${interval.high}]`;
  return `${(more?.p50 ?? 0) > 0 ? '≥ ' : ''}${p50}${bounds}`;
}

/** In the order in which they were measured. */
export function systemsOf({ measurements }: PosesRun): string[] {
  return measurements.filter(({ metric }) => metric === LARGEST).map(({ system }) => system);
}
