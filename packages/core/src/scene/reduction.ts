import type { CustomComponent } from '../components/custom-component.ts';
import { WeftError } from '../errors.ts';
import { type ObjectId, type Path, ROOT } from '../ids.ts';
import { listSuspended } from '../rules/list-suspended.ts';
import type { Rule } from '../rules/rule.ts';
import { type IsSealed, NO_RULES, type RuleSet, ruleSetOf } from '../rules/rule-set.ts';
import type { RuleView } from '../rules/rule-view.ts';
import { type Suspended, Suspensions } from '../rules/suspensions.ts';
import type { Value } from '../value/value.ts';
import { type Box, isBoundsPath, worldBox } from './box.ts';
import type { ChangeSet, Origin } from './change-set.ts';
import { PARENT_PATH, type ReadRegisters, type Registers, valueAt } from './facts.ts';
import {
  type Mat4,
  originOf,
  originUnder,
  type Pose,
  poseUnder,
  ROOT_POSE,
  TRANSFORM_PREFIX,
} from './pose.ts';
import { compareProblems, type SceneProblem } from './problem.ts';
import { BUILT_IN_INDEXES, PropertyIndex } from './property-index.ts';
import type { IndexName, Scene } from './scene.ts';
import { SceneObject } from './scene-object.ts';
import { SchemaProblems } from './schema-problems.ts';
import { NOBODY } from './siblings.ts';
import { SpaceIndex } from './space-index.ts';
import { type Touched, Tree, type TreeChanges } from './tree.ts';
import type { TreeNode } from './tree-node.ts';
import type { Volume } from './volume.ts';
import { WordIndex } from './word-index.ts';

/** Each costs memory for every object that has the property. */
export const MAX_DECLARED_INDEXES = 32;

/**
 * The scene that a set of registers shows, kept up to date change by change; always equal to `reduceAll` of the same
 * registers. Holds the shape of the tree only: values stay where `read` finds them.
 */
export class Reduction {
  readonly scene: Scene;
  readonly #tree: Tree;
  readonly #read: ReadRegisters;
  readonly #schema: SchemaProblems;
  readonly #indexes = new Map<IndexName, WordIndex>();
  readonly #properties = new Map<Path, PropertyIndex>();
  readonly #isSealed: IsSealed;
  #suspensions: Suspensions;
  #space: SpaceIndex | null = null;
  #problems: readonly SceneProblem[] | null = null;

  /** @param isSealed tells the objects that no rule suspends; default none */
  constructor(read: ReadRegisters, isSealed: IsSealed = () => false) {
    this.#read = read;
    this.#isSealed = isSealed;
    this.#tree = new Tree(read);
    this.#schema = new SchemaProblems(read);
    this.#suspensions = this.#suspend(NO_RULES);
    this.scene = this.#makeScene();
  }

  /**
   * Takes in registers that have a new winner or are gone; `read` must see them already. Costs what is changed and
   * what hangs below objects that are moved, shown or hidden.
   *
   * @param rules put in force in the same step; costs a look at every object of the world
   */
  apply(
    changed: ReadonlyMap<ObjectId, ReadonlySet<Path>>,
    origin: Origin,
    rules?: Iterable<Rule>,
  ): ChangeSet {
    const tree = this.#tree.update(changed);
    const touched: Touched[] = [];
    const replaced: TreeNode[] = [];
    this.#schema.touch(changed.keys());
    for (const each of tree.touched) {
      const { node, paths } = each;
      if (node.standing !== 'visible' || tree.isShown(node)) continue;
      touched.push(each);
      node.dropSnapshot();
      if (hasTransform(paths)) this.#dropPoses(node, replaced);
      if (this.#space !== null && hasBounds(paths)) this.#space.touch(node);
    }
    for (const node of tree.moved) if (node.standing === 'visible') this.#dropPoses(node, replaced);
    const { shown, isShown, hidden } =
      rules === undefined
        ? this.#suspensions.update(touched, tree, replaced)
        : this.#swapRules(ruleSetOf(rules), tree);
    const changes = new Map<ObjectId, readonly Path[]>();
    for (const { node, paths } of touched)
      if (node.visible && !isShown(node)) changes.set(node.id, [...paths]);
    for (const node of tree.moved) {
      if (!node.visible || isShown(node)) continue;
      const paths = changes.get(node.id) ?? [];
      if (!paths.includes(PARENT_PATH)) changes.set(node.id, [...paths, PARENT_PATH]);
    }
    if (changed.size > 0 || rules !== undefined) this.#problems = null;
    return this.#publish(
      { origin, added: shown.map(idOf), removed: hidden.map(idOf), changed: changes },
      shown,
      hidden,
    );
  }

  /** Puts other declarations of components in force; what does not fit them is a problem and hides nothing. */
  setComponents(components: ReadonlyMap<string, CustomComponent>): void {
    this.#schema.declare(components);
    this.#problems = null;
  }

  /** What the author's and the relay's check may ask. */
  get ruleView(): RuleView {
    return { suspensions: this.#suspensions, nodeOf: (id) => this.#tree.get(id), read: this.#read };
  }

  #swapRules(rules: RuleSet, tree: TreeChanges): Suspended {
    const kept = this.#suspensions.release();
    this.#suspensions = this.#suspend(rules);
    return this.#suspensions.load(tree, kept);
  }

  #suspend(rules: RuleSet): Suspensions {
    return new Suspensions(rules, {
      read: this.#read,
      isSealed: this.#isSealed,
      tree: this.#tree,
      originOf: (node, registers) => this.#originOf(node, registers),
    });
  }

  #publish(changeSet: ChangeSet, shown: Iterable<TreeNode>, hidden: Iterable<TreeNode>): ChangeSet {
    for (const index of this.#indexes.values()) index.update(changeSet);
    for (const index of this.#properties.values()) index.update(changeSet);
    if (this.#space !== null) {
      for (const node of shown) this.#space.touch(node);
      for (const node of hidden) this.#space.touch(node);
    }
    return changeSet;
  }

  #makeScene(): Scene {
    const tree = this.#tree;
    const getProblems = () => this.#listProblems();
    const getSuspended = () => this.#suspensions.size;
    return Object.freeze({
      get size(): number {
        return tree.size - getSuspended();
      },
      get problems(): readonly SceneProblem[] {
        return getProblems();
      },
      get: (id: ObjectId) => this.#snapshot(id),
      has: (id: ObjectId) => this.#visible(id) !== undefined,
      idOf: (text: string) => this.#visible(text)?.id,
      children: (id: ObjectId) => this.#children(tree.get(id)),
      parent: (id: ObjectId) => this.#visible(id)?.up?.id,
      ids: () => this.#ids(),
      valueAt: (id: ObjectId, path: Path) => this.#valueAt(id, path),
      worldMatrix: (id: ObjectId) => this.#worldMatrix(id),
      box: (id: ObjectId) => this.#box(id),
      touching: (volume: Volume) => this.#touching(volume),
      estimate: (volume: Volume, most: number) => this.#spaceIndex().estimate(volume, most),
      declareIndex: (path: Path) => this.#declareIndex(path),
      property: (path: Path) => this.#properties.get(path),
      lookup: (index: IndexName, word: string) => this.#index(index).get(word),
    });
  }

  #visible(id: string): TreeNode | undefined {
    const node = this.#tree.get(id);
    return node?.visible === true && node !== this.#tree.root ? node : undefined;
  }

  #snapshot(id: ObjectId): SceneObject | undefined {
    const node = this.#visible(id);
    if (node === undefined) return undefined;
    const children = this.#children(node);
    const known = node.snapshot?.deref();
    if (known?.children === children) return known;
    const registers = this.#read(id) ?? new Map();
    const place = { parent: node.up?.id ?? ROOT, children, pose: this.#pose(node) };
    const snapshot = new SceneObject(id, place, registers);
    node.snapshot = new WeakRef(snapshot);
    return snapshot;
  }

  #children(node: TreeNode | undefined): readonly ObjectId[] {
    return node?.visible === true ? (node.children?.visible(node) ?? NOBODY) : NOBODY;
  }

  *#ids(): Generator<ObjectId> {
    for (const node of this.#visibleNodes()) yield node.id;
  }

  *#visibleNodes(): Generator<TreeNode> {
    for (const node of this.#tree.nodes()) if (node.visible) yield node;
  }

  #valueAt(id: ObjectId, path: Path): Value | undefined {
    if (this.#visible(id) === undefined) return undefined;
    const registers = this.#read(id);
    return registers === undefined ? undefined : (valueAt(registers, path) ?? undefined);
  }

  #worldMatrix(id: ObjectId): Mat4 | undefined {
    const node = this.#visible(id);
    return node === undefined ? undefined : this.#pose(node).matrix;
  }

  #box(id: ObjectId): Box | null {
    const node = this.#visible(id);
    return node === undefined ? null : this.#spaceIndex().boxOf(node);
  }

  *#touching(volume: Volume): Generator<ObjectId> {
    for (const node of this.#spaceIndex().touching(volume)) yield node.id;
  }

  #spaceIndex(): SpaceIndex {
    this.#space ??= new SpaceIndex(this.#visibleNodes(), (node) => {
      const registers: Registers = this.#read(node.id) ?? new Map();
      return worldBox(registers, {
        origin: () => this.#originOf(node, registers),
        matrix: () => this.#pose(node).matrix,
      });
    });
    return this.#space;
  }

  #declareIndex(path: Path): PropertyIndex {
    const known = this.#properties.get(path);
    if (known !== undefined) return known;
    const declared = [...this.#properties.keys()].filter((known) => !BUILT_IN_INDEXES.has(known));
    if (!BUILT_IN_INDEXES.has(path) && declared.length >= MAX_DECLARED_INDEXES) throw tooManyIndexes(path);
    const index = new PropertyIndex(path, this.#read, this.#ids());
    this.#properties.set(path, index);
    return index;
  }

  /** Forgets where an object and all below it are. What has no cached pose has none cached below it either. */
  #dropPoses(top: TreeNode, dropped: TreeNode[]): void {
    const queue = [top];
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      node.dropSnapshot();
      if (!node.isPlaced) continue;
      node.pose = null;
      node.placed = false;
      dropped.push(node);
      this.#space?.touch(node);
      for (const child of node.below()) queue.push(child);
    }
  }

  /** Depth is bounded by `MAX_DEPTH`, so this may recurse. */
  #pose(node: TreeNode): Pose {
    node.pose ??= poseUnder(
      node.up === null ? ROOT_POSE : this.#pose(node.up),
      this.#read(node.id) ?? new Map(),
    );
    return node.pose;
  }

  #originOf(node: TreeNode, registers: Registers): readonly [number, number, number] {
    if (node.pose !== null || node.up === null) return originOf(this.#pose(node).matrix);
    node.placed = true;
    return originUnder(this.#pose(node.up), registers);
  }

  #index(name: IndexName): WordIndex {
    const known = this.#indexes.get(name);
    if (known !== undefined) return known;
    const index = new WordIndex(name, this.#read, this.#ids());
    this.#indexes.set(name, index);
    return index;
  }

  #listProblems(): readonly SceneProblem[] {
    this.#problems ??= Object.freeze(
      [
        ...this.#treeProblems(),
        ...listSuspended(this.#suspensions),
        ...this.#schema.list(this.#tree.nodes()),
      ].sort(compareProblems),
    );
    return this.#problems;
  }

  *#treeProblems(): Generator<SceneProblem> {
    for (const { id, written, standing } of this.#tree.cuts())
      if (standing !== 'deleted') yield Object.freeze({ reason: 'cycle', object: id, parent: written.id });
    for (const node of this.#tree.hiding) {
      const hidden = countAlike(node);
      yield Object.freeze(
        node.standing === 'pending'
          ? { reason: 'pending', object: node.id, parent: node.written.id, hidden }
          : { reason: 'too-deep', object: node.id, hidden },
      );
    }
  }
}

function idOf(node: TreeNode): ObjectId {
  return node.id;
}

function hasTransform(paths: ReadonlySet<Path>): boolean {
  for (const path of paths) if (path.startsWith(TRANSFORM_PREFIX)) return true;
  return false;
}

function hasBounds(paths: ReadonlySet<Path>): boolean {
  for (const path of paths) if (isBoundsPath(path)) return true;
  return false;
}

function tooManyIndexes(path: Path): WeftError {
  return new WeftError('limit', {
    what: `index ${path}`,
    expected: `at most ${MAX_DECLARED_INDEXES} declared indexes`,
    got: 'one more',
    hint: 'Declare only properties that are asked for often.',
    path,
  });
}

/** The objects at and below a hidden one that are hidden for the same reason. */
function countAlike(top: TreeNode): number {
  let count = 0;
  const queue = [top];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    if (node.standing !== top.standing) continue;
    count += 1;
    for (const child of node.below()) queue.push(child);
  }
  return count;
}
