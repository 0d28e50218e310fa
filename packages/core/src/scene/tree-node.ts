import type { ObjectId } from '../ids.ts';
import type { Pose } from './pose.ts';
import type { SceneObject } from './scene-object.ts';
import { Siblings } from './siblings.ts';

/** How an object stands to the visible scene. `absent`: others name it as their parent, itself it is not there. */
export type Standing = 'visible' | 'deleted' | 'pending' | 'too-deep' | 'absent';

/** No rule keeps the object out of the scene. */
export const NOT_STOPPED = 0x3fffffff;

// What a node knows in small numbers is in one of them, since there are as many nodes as objects.
const PRESENT = 0x01;
const DELETED = 0x02;
const DIRTY = 0x04;
const CUT = 0x08;
const PLACED = 0x10;
const STANDING_SHIFT = 5;
const STANDING_MASK = 0x07;
const DEPTH_SHIFT = 8;
const STANDINGS: readonly Standing[] = ['absent', 'visible', 'deleted', 'pending', 'too-deep'];
const VISIBLE = STANDINGS.indexOf('visible');

/** What few nodes have: where they are was asked for, they were read, or a rule keeps them out. */
interface Rare {
  pose: Pose | null;
  snapshot: WeakRef<SceneObject> | null;
  stop: number;
}

/** What the reduction keeps of one object; mutable, never seen outside `scene/`. */
export class TreeNode {
  readonly id: ObjectId;
  order: string | null = null;
  /** Where the edge as written leads. */
  written: TreeNode;
  /** Where it hangs; `null` for the root and for what is absent. */
  up: TreeNode | null = null;
  children: Siblings<TreeNode> | null = null;
  /** The last walk that passed here: saves each walk a set of its own. */
  mark = 0;
  /** The last batch that made it visible. */
  shownIn = 0;
  #bits: number;
  #rare: Rare | null = null;

  /** @param root `null` for the root itself */
  constructor(id: ObjectId, root: TreeNode | null, isPresent = false) {
    this.id = id;
    this.written = root ?? this;
    this.#bits = isPresent ? PRESENT : 0;
  }

  get present(): boolean {
    return (this.#bits & PRESENT) !== 0;
  }

  set present(is: boolean) {
    this.#set(PRESENT, is);
  }

  get deleted(): boolean {
    return (this.#bits & DELETED) !== 0;
  }

  set deleted(is: boolean) {
    this.#set(DELETED, is);
  }

  /** Whether the batch that is being taken in changes its place or its deletion. */
  get dirty(): boolean {
    return (this.#bits & DIRTY) !== 0;
  }

  set dirty(is: boolean) {
    this.#set(DIRTY, is);
  }

  /** Whether its edge was dropped to break a cycle. */
  get cut(): boolean {
    return (this.#bits & CUT) !== 0;
  }

  set cut(is: boolean) {
    this.#set(CUT, is);
  }

  /** Whether its origin was asked for while it had no pose, as only happens when its parent's is cached. */
  set placed(is: boolean) {
    this.#set(PLACED, is);
  }

  /** How the tree has it, without regard to rules. */
  get standing(): Standing {
    return STANDINGS[(this.#bits >> STANDING_SHIFT) & STANDING_MASK] ?? 'absent';
  }

  /** Levels below the root, while visible. */
  get depth(): number {
    return this.#bits >> DEPTH_SHIFT;
  }

  stand(standing: Standing, depth: number): void {
    const flags = this.#bits & ((1 << STANDING_SHIFT) - 1);
    this.#bits = flags | (STANDINGS.indexOf(standing) << STANDING_SHIFT) | (depth << DEPTH_SHIFT);
  }

  /** Makes a node that hangs from it, and has no standing yet, visible if nothing is in the way, as with most. */
  shows(child: TreeNode, maxDepth: number): boolean {
    const depth = this.#bits >> DEPTH_SHIFT;
    const isVisible = ((this.#bits >> STANDING_SHIFT) & STANDING_MASK) === VISIBLE;
    if (!isVisible || depth >= maxDepth || (child.#bits & DELETED) !== 0) return false;
    child.#bits |= (VISIBLE << STANDING_SHIFT) | ((depth + 1) << DEPTH_SHIFT);
    return true;
  }

  /** The first rule, by place, that keeps it or one of those it hangs from out of the scene. */
  get stop(): number {
    return this.#rare === null ? NOT_STOPPED : this.#rare.stop;
  }

  set stop(place: number) {
    if (place !== this.stop) this.#ownRare().stop = place;
  }

  /** Cached only if its parent's is, so that dropping one drops all below. */
  get pose(): Pose | null {
    return this.#rare === null ? null : this.#rare.pose;
  }

  set pose(pose: Pose | null) {
    if (pose !== this.pose) this.#ownRare().pose = pose;
  }

  /** Holds while its children are the same. Weak, so that reading a large world once does not keep a second copy of it. */
  get snapshot(): WeakRef<SceneObject> | null {
    return this.#rare === null ? null : this.#rare.snapshot;
  }

  set snapshot(snapshot: WeakRef<SceneObject> | null) {
    if (snapshot !== this.snapshot) this.#ownRare().snapshot = snapshot;
  }

  /** Whether it is in the scene. */
  get visible(): boolean {
    const isVisible = ((this.#bits >> STANDING_SHIFT) & STANDING_MASK) === VISIBLE;
    return isVisible && (this.#rare === null || this.#rare.stop === NOT_STOPPED);
  }

  /** Whether where it is was asked for. */
  get isPlaced(): boolean {
    return (this.#bits & PLACED) !== 0 || (this.#rare !== null && this.#rare.pose !== null);
  }

  /** Forgets what was read of it. */
  dropSnapshot(): void {
    if (this.#rare !== null) this.#rare.snapshot = null;
  }

  get childCount(): number {
    return this.children === null ? 0 : this.children.size;
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
    this.children ??= new Siblings();
    this.children.add(child);
  }

  loseChild(child: TreeNode): void {
    this.children?.remove(child);
  }

  /** A child has another order key. */
  reorderChild(child: TreeNode): void {
    this.children?.touch(child);
  }

  /** A child became visible or hidden. */
  childShown(): void {
    this.children?.recount();
  }

  #set(flag: number, is: boolean): void {
    this.#bits = is ? this.#bits | flag : this.#bits & ~flag;
  }

  #ownRare(): Rare {
    this.#rare ??= { pose: null, snapshot: null, stop: NOT_STOPPED };
    return this.#rare;
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
