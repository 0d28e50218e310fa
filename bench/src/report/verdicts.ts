import { type Measurement, MORE_IS_BETTER, type Result } from '../record/result.ts';
import { LEAST_REPETITIONS, overlap } from '../statistics/interval.ts';
import { givenOf, show } from './table.ts';

const WEFT_SYSTEM = 'weft';

/** How Weft's figure stands to that of another system in the same run. */
export interface Comparison {
  /** Weft's, or in a run of nothing but ways of Weft's own that of the first. */
  readonly weft: Measurement;
  readonly other: Measurement;
  /** Its median by the other's. */
  readonly ratio: number;
  readonly verdict: 'wins' | 'loses' | 'no difference';
}

/** Of all figures that Weft and another system have in common, as far as both have an interval. */
export function comparisons({ measurements }: Pick<Result, 'measurements'>): Comparison[] {
  return measurements
    .filter(({ system }) => system === subjectOf(measurements))
    .flatMap((weft) =>
      measurements.flatMap((other) => {
        if (!isRival(weft, other)) return [];
        const verdict = verdictOf(weft, other);
        return verdict === null ? [] : [{ weft, other, ratio: weft.p50 / other.p50, verdict }];
      }),
    );
}

/** What the intervals say, in a line for each figure of Weft that others have too. */
export function verdicts(result: Pick<Result, 'measurements'>): string[] {
  const byFigure = Map.groupBy(comparisons(result), ({ weft }) => weft);
  const lines = [...byFigure].map(([weft, all]) => {
    const said = all.map(({ other, ratio, verdict }) =>
      verdict === 'no difference'
        ? `no difference from ${other.system} (overlapping intervals)`
        : `${ratio.toFixed(2)} × ${other.system}`,
    );
    const figure = [...givenOf(weft.parameters), weft.metric].join(' · ');
    return `${figure}: ${weft.system} ${show(weft.p50, weft.unit)}: ${said.join(', ')}`;
  });
  if (lines.length > 0) return ['', ...lines];
  const subject = subjectOf(result.measurements);
  const isContest = result.measurements.some((weft) =>
    result.measurements.some((other) => weft.system === subject && isRival(weft, other)),
  );
  return isContest
    ? ['', `Fewer than ${LEAST_REPETITIONS} repetitions: no intervals, so nothing is said of who is faster.`]
    : [];
}

/** Where Weft's interval lies wholly beyond that of another system, on the worse side. */
export function losses(result: Pick<Result, 'measurements'>): Comparison[] {
  return comparisons(result).filter(({ verdict }) => verdict === 'loses');
}

function verdictOf(weft: Measurement, other: Measurement): Comparison['verdict'] | null {
  if (weft.interval === null || other.interval === null) return null;
  if (overlap(weft.interval, other.interval)) return 'no difference';
  const isMore = weft.interval.low > other.interval.high;
  return isMore === MORE_IS_BETTER.has(weft.unit) ? 'wins' : 'loses';
}

function subjectOf(measurements: readonly Measurement[]): string | undefined {
  return measurements.some(({ system }) => system === WEFT_SYSTEM) ? WEFT_SYSTEM : measurements[0]?.system;
}

function isRival(weft: Measurement, other: Measurement): boolean {
  return other !== weft && isSameFigure(weft, other);
}

function isSameFigure(a: Measurement, b: Measurement): boolean {
  return (
    a.metric === b.metric &&
    a.unit === b.unit &&
    givenOf(a.parameters).join() === givenOf(b.parameters).join()
  );
}
