import type { Figure } from '../../record/process-report.ts';

interface Memory {
  readonly heapUsed: number;
  readonly arrayBuffers: number;
}

/** Collects what is not reachable. Needs `--expose-gc`. */
export function collect(): Memory {
  if (globalThis.gc === undefined) throw new TypeError('memory: run with --expose-gc');
  // Twice: buffers are given back only after the collection that found them.
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage();
}

/** What keeping something costs: the memory with it less the memory before it was made. */
export function memoryOf(make: () => unknown): { readonly figures: Figure[]; readonly held: unknown } {
  const before = collect();
  const held = make();
  const after = collect();
  const figures: Figure[] = [
    { metric: 'heap', unit: 'bytes', value: after.heapUsed - before.heapUsed },
    { metric: 'buffers beside the heap', unit: 'bytes', value: after.arrayBuffers - before.arrayBuffers },
  ];
  return { figures, held };
}
