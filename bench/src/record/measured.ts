import { medianInterval } from '../statistics/interval.ts';
import { percentile, summarise } from '../statistics/summary.ts';
import type { Figure } from './process-report.ts';
import type { Measurement } from './result.ts';

type Measured = Pick<Measurement, 'metric' | 'system' | 'parameters' | 'unit' | 'samples'>;

/** A figure of which each sample is one repetition: its median has an interval. */
export function repeated(figure: Measured): Measurement {
  return { ...figure, ...summarise(figure.samples), interval: medianInterval(figure.samples) };
}

/** A figure whose samples are all of one process: they say nothing of the next one. */
export function sampled(figure: Measured): Measurement {
  return { ...figure, ...summarise(figure.samples), interval: null };
}

const PERCENTS = [50, 95, 99] as const;

/** Latencies of several repetitions: a percentile of each repetition is one sample. */
export function latencies(
  figure: Omit<Measured, 'samples' | 'unit'>,
  repetitions: readonly (readonly number[])[],
): Measurement[] {
  return PERCENTS.map((percent) =>
    repeated({
      ...figure,
      metric: `${figure.metric}, p${percent}`,
      unit: 'ms',
      samples: repetitions.map((each) => percentile(each, percent)),
    }),
  );
}

/** A row for each figure that every repetition reported. */
export function figureRows(
  of: Pick<Measured, 'system' | 'parameters'>,
  repetitions: readonly (readonly Figure[])[],
): Measurement[] {
  const [first = []] = repetitions;
  return first.map(({ metric, unit }, at) =>
    repeated({
      ...of,
      metric,
      unit,
      samples: repetitions.map((figures) => figures[at]?.value ?? Number.NaN),
    }),
  );
}
