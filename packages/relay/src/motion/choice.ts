// Two for each doubling of what is owed: a sort would cost more than all the rest.
const CLASSES = 64;
/** What is owed counts in steps of this part. */
const PARTS = 16;
const MAX_STEPS = 2 ** 31 - 2;

/**
 * The places of those that are owed most, as far as they fit so many bytes. Costs as much as there are of them. Within a
 * class of those that are owed about as much, the first come first: who is left out is owed more the next time.
 */
export function chooseMostOwed(
  sizes: readonly number[],
  owed: readonly number[],
  bytes: number,
): readonly number[] {
  const classes = Uint8Array.from(owed, classOf);
  const sums = new Float64Array(CLASSES);
  for (const [at, size] of sizes.entries()) {
    const owedClass = classes[at] ?? 0;
    sums[owedClass] = (sums[owedClass] ?? 0) + size;
  }
  let [last, left] = [CLASSES - 1, bytes];
  while (last > 0 && left >= (sums[last] ?? 0)) {
    left -= sums[last] ?? 0;
    last -= 1;
  }
  const chosen: number[] = [];
  for (let at = 0; at < classes.length; at++) {
    const owedClass = classes[at] ?? 0;
    if (owedClass === last) left -= sizes[at] ?? 0;
    if (owedClass > last || (owedClass === last && left >= 0)) chosen.push(at);
  }
  return chosen;
}

/** The power of two below it, and whether it is in the upper half of that. */
function classOf(owed: number): number {
  const steps = 2 + Math.min(MAX_STEPS, Math.floor(owed * PARTS));
  const power = 31 - Math.clz32(steps);
  return 2 * power + ((steps >> (power - 1)) & 1);
}
