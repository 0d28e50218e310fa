import * as Y from 'yjs';

/**
 * How many items Yjs will look at to find the place of an item, whose neighbours it has found already; counted as far as
 * `most`. The same walk as its own: two items that were put at one place at the same time are ordered by it, and a hostile
 * update of 100 KB makes it take ten seconds.
 */
export function conflictSteps(item: Y.Item, store: Y.Doc['store'], most: number): number {
  const { left, right, parent } = item;
  if (!(parent instanceof Y.AbstractType)) return 0;
  const isPlaced = left === null ? right !== null && right.left === null : left.right === right;
  if (isPlaced) return 0;
  let steps = 0;
  let other: Y.Item | null = left === null ? firstOf(parent, item.parentSub) : left.right;
  // The first entry of a key is found by going back from the last.
  if (left === null && item.parentSub !== null)
    for (let at = other; at !== null && steps < most; at = at.right) steps++;
  const passed = new Set<Y.Item | Y.GC>();
  while (other !== null && other !== right && steps < most) {
    steps += 1;
    passed.add(other);
    if (Y.compareIDs(item.origin, other.origin)) {
      const isLater = other.id.client >= item.id.client;
      if (isLater && Y.compareIDs(item.rightOrigin, other.rightOrigin)) break;
    } else if (other.origin === null || !passed.has(Y.getItem(store, other.origin))) break;
    other = other.right;
  }
  return steps;
}

function firstOf(parent: Y.AbstractType<unknown>, key: string | null): Y.Item | null {
  if (key === null) return parent._start;
  let first = parent._map.get(key) ?? null;
  while (first?.left != null) first = first.left;
  return first;
}
