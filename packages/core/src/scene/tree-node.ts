import type { ObjectId } from '../ids.ts';
import type { Pose } from './pose.ts';
import type { SceneObject } from './scene-object.ts';
import { Siblings } from './siblings.ts';

/** How an object stands to the visible scene. `absent`: others name it as their parent, itself it is not there. */
export type Standing = 'visible' | 'deleted' | 'pending' | 'too-deep' | 'absent';

/** No rule keeps the object out of the scene. */
export const NOT_STOPPED = 0x3fffffff;

/** What the reduction keeps of one object; mutable, never seen outside `scene/`. */
export class TreeNode {
  readonly id: ObjectId;
  present = false;
  deleted = false;
  order: string | null = null;
  /** Where the edge as written leads. */
  written: TreeNode;
  /** Whether the batch that is being taken in changes its place or its deletion. */
  dirty = false;
  /** Whether its edge was dropped to break a cycle. */
  cut = false;
  /** Where it hangs; `null` for the root and for what is absent. */
  up: TreeNode | null = null;
  children: Siblings<TreeNode> | null = null;
  childCount = 0;
  /** How the tree has it, without regard to rules. */
  standing: Standing = 'absent';
  /** The first rule, by place, that keeps it or one of those it hangs from out of the scene. */
  stop = NOT_STOPPED;
  /** Levels below the root, while visible. */
  depth = 0;
  /** The last walk that passed here: saves each walk a set of its own. */
  mark = 0;
  /** The last batch that made it visible. */
  shownIn = 0;
  /** Cached only if its parent's is, so that dropping one drops all below. */
  pose: Pose | null = null;
  /** Whether its origin was asked for while it had no pose, as only happens when its parent's is cached. */
  placed = false;
  /** Holds while its children are the same. Weak, so that reading a large world once does not keep a second copy of it. */
  snapshot: WeakRef<SceneObject> | null = null;

  /** @param root `null` for the root itself */
  constructor(id: ObjectId, root: TreeNode | null) {
    this.id = id;
    this.written = root ?? this;
  }

  /** Whether it is in the scene. */
  get visible(): boolean {
    return this.standing === 'visible' && this.stop === NOT_STOPPED;
  }

  /** The children in order, visible or not. */
  below(): readonly TreeNode[] {
    return this.children?.nodes(this) ?? [];
  }

  /** The children and some that no longer are, in no order, one maybe several times: without the cost of sorting them out. */
  belowUnsorted(): readonly TreeNode[] {
    return this.children?.unsorted ?? [];
  }

  gainChild(child: TreeNode): void {
    this.childCount += 1;
    this.reorderChild(child);
  }

  loseChild(child: TreeNode): void {
    this.childCount -= 1;
    this.reorderChild(child);
  }

  /** A child came, went or has another order key. */
  reorderChild(child: TreeNode): void {
    this.children ??= new Siblings();
    this.children.touch(child);
  }

  /** A child became visible or hidden. */
  childShown(): void {
    this.children?.recount();
  }
}

/** Numbers the walks over a tree, so that a mark says which walk left it. */
export class Walks {
  last = 0;

  begin(): number {
    this.last += 1;
    return this.last;
  }
}
