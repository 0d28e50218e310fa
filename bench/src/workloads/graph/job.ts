import { isRecord } from '../../record/process-report.ts';

/** What one process measures: the world's rows as plain JSON, opening it from a blob, reading it, what it holds, and edits of it. */
export const TASKS = [
  'parse',
  'open',
  'first reads',
  'plain memory',
  'memory',
  'edits',
  'edits with rules',
] as const;
export type Task = (typeof TASKS)[number];

export interface Job {
  readonly task: Task;
  /** Files that hold the same world. */
  readonly blob: string;
  readonly json: string;
  /** How many objects must be there at the end; anything else voids the repetition. */
  readonly objects: number;
  readonly seed: string;
}

export function isJob(value: unknown): value is Job {
  return (
    isRecord(value) &&
    TASKS.some((task) => task === value.task) &&
    ['blob', 'json', 'seed'].every((name) => typeof value[name] === 'string') &&
    typeof value.objects === 'number'
  );
}
