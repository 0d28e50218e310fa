import { UNITS, type Unit } from '../../record/result.ts';

/** What one process measures: the world's rows as plain JSON, opening it from a blob, what it holds, and edits of it. */
export const TASKS = ['parse', 'open', 'plain memory', 'memory', 'edits', 'edits with rules'] as const;
export type Task = (typeof TASKS)[number];

/** Where a process finds its job. */
export const JOB_VARIABLE = 'WEFT_BENCH_JOB';

export interface Job {
  readonly task: Task;
  /** Files that hold the same world. */
  readonly blob: string;
  readonly json: string;
  /** How many objects must be there at the end; anything else voids the repetition. */
  readonly objects: number;
  readonly seed: string;
}

export interface Figure {
  readonly metric: string;
  readonly unit: Unit;
  readonly value: number;
}

/** What a process prints as its only line. */
export interface Report {
  readonly figures: readonly Figure[];
}

export function isJob(value: unknown): value is Job {
  return (
    isRecord(value) &&
    TASKS.some((task) => task === value.task) &&
    ['blob', 'json', 'seed'].every((name) => typeof value[name] === 'string') &&
    typeof value.objects === 'number'
  );
}

export function isReport(value: unknown): value is Report {
  return isRecord(value) && Array.isArray(value.figures) && value.figures.every(isFigure);
}

function isFigure(value: unknown): value is Figure {
  return (
    isRecord(value) &&
    typeof value.metric === 'string' &&
    UNITS.some((unit) => unit === value.unit) &&
    typeof value.value === 'number'
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
