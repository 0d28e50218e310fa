/** Whoever is farther along an axis of the ground is no reason to read more. Where all are nearer than that, all should read alike. */
export const AROUND_METRES = 96;

/** What a receiver read, and where it was. */
export interface Receiver {
  readonly bytes: number;
  readonly x: number;
  readonly z: number;
}

/**
 * How many read less than half of what the median one did, for each who was around them: in the corner of a large crowd there is
 * less to be told.
 */
export function starvedOf(receivers: readonly Receiver[]): number {
  const shares = receivers.map(({ bytes, x, z }) => {
    let around = 0;
    for (const other of receivers)
      if (Math.abs(other.x - x) <= AROUND_METRES && Math.abs(other.z - z) <= AROUND_METRES) around += 1;
    return bytes / around;
  });
  const median = shares.toSorted((a, b) => a - b)[Math.floor(shares.length / 2)] ?? 0;
  return shares.filter((share) => share < median / 2).length;
}
