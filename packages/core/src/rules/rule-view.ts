import type { ObjectId } from '../ids.ts';
import type { ReadRegisters } from '../scene/facts.ts';
import type { TreeNode } from '../scene/tree-node.ts';
import type { Suspensions } from './suspensions.ts';

/** What a check of an edit may ask of the world as it is. */
export interface RuleView {
  readonly suspensions: Suspensions;
  readonly read: ReadRegisters;
  nodeOf(id: ObjectId): TreeNode | undefined;
}
