// Two for each doubling of what is owed: a sort would cost more than all the rest.
const CLASSES = 64;
/** What is owed counts in steps of this part. */
const PARTS = 16;
const MAX_STEPS = 2 ** 31 - 2;

/**
 * The places of a list of what is owed, the most first. Those that are owed about as much stand in their order: who is
 * left out is owed more the next time. Costs as much as there are of them.
 */
export function mostOwedFirst(owed: readonly number[]): Uint32Array {
  const classes = Uint8Array.from(owed, classOf);
  const starts = new Uint32Array(CLASSES + 1);
  for (const each of classes) starts[CLASSES - each] = (starts[CLASSES - each] ?? 0) + 1;
  for (let at = 1; at <= CLASSES; at++) starts[at] = (starts[at] ?? 0) + (starts[at - 1] ?? 0);
  const order = new Uint32Array(classes.length);
  for (let at = 0; at < classes.length; at++) {
    const after = CLASSES - (classes[at] ?? 0) - 1;
    order[starts[after] ?? 0] = at;
    starts[after] = (starts[after] ?? 0) + 1;
  }
  return order;
}

/** The power of two below it, and whether it is in the upper half of that. */
function classOf(owed: number): number {
  const steps = 2 + Math.min(MAX_STEPS, Math.floor(owed * PARTS));
  const power = 31 - Math.clz32(steps);
  return 2 * power + ((steps >> (power - 1)) & 1);
}
