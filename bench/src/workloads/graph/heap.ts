/** Bytes of the heap that are reachable, after a collection. Needs `--expose-gc`. */
export function heapBytes(): number {
  if (globalThis.gc === undefined) throw new TypeError('heap: run with --expose-gc');
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

/** What keeping something costs: the heap with it less the heap before it was made. */
export function heapOf(make: () => unknown): { readonly bytes: number; readonly held: unknown } {
  const before = heapBytes();
  const held = make();
  return { bytes: heapBytes() - before, held };
}
