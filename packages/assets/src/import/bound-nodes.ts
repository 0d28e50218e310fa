/** As much of a node as says what hangs together. */
export interface TreeNode {
  readonly parent: number | null;
}

/** Nodes that mean something only together: a skinned mesh with its bones, what one animation moves. */
export type Bond = readonly number[];

/**
 * The topmost nodes whose subtrees stay in one model, so that no skin and no animation is torn: for each bond the lowest node
 * above all of it.
 * @returns `null` where nothing but the whole file is above a bond
 */
export function boundRoots(nodes: readonly TreeNode[], bonds: readonly Bond[]): ReadonlySet<number> | null {
  const roots = new Set<number>();
  for (const bond of bonds) {
    const [first, ...rest] = bond;
    if (first === undefined) continue;
    const shared = rest.reduce<readonly number[]>(
      (way, at) => {
        const other = new Set(wayUp(nodes, at));
        return way.filter((node) => other.has(node));
      },
      wayUp(nodes, first),
    );
    // The nearest comes first.
    const [lowest] = shared;
    if (lowest === undefined) return null;
    roots.add(lowest);
  }
  for (const root of roots) {
    if (wayUp(nodes, root).some((above) => above !== root && roots.has(above))) roots.delete(root);
  }
  return roots;
}

function wayUp(nodes: readonly TreeNode[], from: number): readonly number[] {
  const way: number[] = [];
  for (let at: number | null = from; at !== null; at = nodes[at]?.parent ?? null) way.push(at);
  return way;
}
