/**
 * Moves what stands on a line as little as it takes until no two are nearer than that and all are within bounds, in their
 * order. Where there is no room for all they are nearer, evenly.
 */
export function spread(
  wanted: readonly number[],
  { gap, from, to }: { readonly gap: number; readonly from: number; readonly to: number },
): number[] {
  const between = Math.min(gap, (to - from) / Math.max(1, wanted.length - 1));
  const order = [...wanted.keys()].toSorted((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  const places: number[] = [];
  let least = from;
  for (const each of order) {
    places[each] = Math.max(least, wanted[each] ?? 0);
    least = (places[each] ?? 0) + between;
  }
  let most = to;
  for (const each of order.toReversed()) {
    places[each] = Math.min(most, places[each] ?? 0);
    most = (places[each] ?? 0) - between;
  }
  return places;
}
