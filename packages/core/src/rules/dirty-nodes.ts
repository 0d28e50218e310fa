import type { Touched, TreeChanges } from '../scene/tree.ts';
import type { TreeNode } from '../scene/tree-node.ts';
import { readsAny } from './judge.ts';
import type { RuleSet } from './rule-set.ts';

/**
 * The objects of the tree that rules have to judge again after a batch.
 *
 * @param touched objects with other registers, and which
 * @param replaced objects that may be elsewhere in the world now
 * @param isKnown tells the objects that a rule had something to say of
 */
export function dirtyNodes(
  { own, parents, asksAncestors, asksOrigin }: RuleSet,
  touched: Iterable<Touched>,
  { shown, moved }: TreeChanges,
  replaced: Iterable<TreeNode>,
  isKnown: (node: TreeNode) => boolean,
): ReadonlySet<TreeNode> {
  const dirty = new Set<TreeNode>();
  const add = (node: TreeNode) => {
    if (node.standing === 'visible') dirty.add(node);
  };
  for (const { node, paths } of touched) {
    // Any register may be the one that says when a counted object was made.
    if (readsAny(own, paths) || isKnown(node)) add(node);
    if (readsAny(parents, paths)) for (const child of node.below()) add(child);
  }
  for (const node of shown) add(node);
  for (const node of moved) {
    add(node);
    if (asksAncestors) for (const below of walk(node)) add(below);
  }
  if (asksOrigin) for (const node of replaced) add(node);
  return dirty;
}

function* walk(top: TreeNode): Generator<TreeNode> {
  const queue = [top];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    yield node;
    for (const child of node.below()) queue.push(child);
  }
}
