/** A map or a set, in the order in which things were put in. */
interface Remembered<K> {
  readonly size: number;
  keys(): Iterable<K>;
  delete(key: K): boolean;
}

/**
 * Keeps no more than `most` things: what was put in first goes first. Where what was seen last is to stay, it is taken
 * out before it is put in again.
 */
export function forgetOldest<K>(remembered: Remembered<K>, most: number): void {
  if (remembered.size <= most) return;
  for (const oldest of remembered.keys()) {
    if (remembered.size <= most) return;
    remembered.delete(oldest);
  }
}
