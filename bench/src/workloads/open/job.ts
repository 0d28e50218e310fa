import { isRecord } from '../../record/process-report.ts';

/** What one client process measures. */
export const SYSTEMS = ['floor', 'stages', 'weft'] as const;
export type System = (typeof SYSTEMS)[number];

export interface Job {
  readonly system: System;
  readonly homeserver: string;
  readonly token: string;
  readonly room: string;
  /** How many objects must be there at the end; anything else voids the repetition. */
  readonly objects: number;
}

export function isJob(value: unknown): value is Job {
  return (
    isRecord(value) &&
    SYSTEMS.some((system) => system === value.system) &&
    ['homeserver', 'token', 'room'].every((name) => typeof value[name] === 'string') &&
    typeof value.objects === 'number'
  );
}
