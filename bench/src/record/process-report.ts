import { UNITS, type Unit } from './result.ts';

/** Where a process that measures finds its job. */
export const JOB_VARIABLE = 'WEFT_BENCH_JOB';

export interface Figure {
  readonly metric: string;
  readonly unit: Unit;
  readonly value: number;
}

/** What such a process prints as its only line. */
export interface Report {
  readonly figures: readonly Figure[];
}

export function isReport(value: unknown): value is Report {
  return isRecord(value) && Array.isArray(value.figures) && value.figures.every(isFigure);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isFigure(value: unknown): value is Figure {
  return (
    isRecord(value) &&
    typeof value.metric === 'string' &&
    UNITS.some((unit) => unit === value.unit) &&
    typeof value.value === 'number'
  );
}
