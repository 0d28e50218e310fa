/** What one client process measures. */
export const SYSTEMS = ['floor', 'stages', 'weft'] as const;
export type System = (typeof SYSTEMS)[number];

/** Where a client process finds its job. */
export const JOB_VARIABLE = 'WEFT_BENCH_JOB';

export interface Job {
  readonly system: System;
  readonly homeserver: string;
  readonly token: string;
  readonly room: string;
  /** How many objects must be there at the end; anything else voids the repetition. */
  readonly objects: number;
}

export interface Figure {
  readonly metric: string;
  readonly unit: 'ms' | 'bytes';
  readonly value: number;
}

/** What a process prints as its only line. */
export interface Report {
  readonly figures: readonly Figure[];
}

export function isJob(value: unknown): value is Job {
  return (
    isRecord(value) &&
    SYSTEMS.some((system) => system === value.system) &&
    ['homeserver', 'token', 'room'].every((name) => typeof value[name] === 'string') &&
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
    (value.unit === 'ms' || value.unit === 'bytes') &&
    typeof value.value === 'number'
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
