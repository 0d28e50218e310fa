import type { Figure } from '../../record/process-report.ts';

/** What the process holds while it keeps the world; the caller hands in what must stay alive until here. */
export function memory(held: unknown): Figure[] {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  if (held === undefined) throw new TypeError('memory: nothing is held');
  return [
    { metric: 'heap', unit: 'bytes', value: heapUsed },
    { metric: 'process memory', unit: 'bytes', value: rss },
  ];
}

/** What a system measured, and what it has to show for it. */
export interface Measured {
  readonly figures: readonly Figure[];
  readonly held: unknown;
}
