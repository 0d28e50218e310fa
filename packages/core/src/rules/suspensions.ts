import { SchemaCheck } from '../components/custom-check.ts';
import type { Touched, Tree, TreeChanges } from '../scene/tree.ts';
import { NOT_STOPPED, type TreeNode } from '../scene/tree-node.ts';
import { Bucket, type Entry } from './bucket.ts';
import { dirtyNodes } from './dirty-nodes.ts';
import { createdTicks, type RuleFacts } from './facts.ts';
import { type FactPorts, NodeFacts } from './node-facts.ts';
import type { IsSealed, RuleSet } from './rule-set.ts';

/** What the rules know of one object; only of those that a rule has something to say of. */
interface Verdict {
  readonly node: TreeNode;
  /** The first rule that it breaks by itself, by place in the order of rules. */
  own: number;
  /** The rule that counts it out. */
  lost: number;
  /** Among what each counting rule counts it, by place in `counting`. */
  keys: readonly (string | null)[];
  created: number;
  sealed: boolean;
  /** Where it is counted. */
  readonly entries: (Entry<TreeNode> | null)[];
}

/** What the rules did to the scene. */
export interface Suspended {
  readonly shown: readonly TreeNode[];
  readonly isShown: (node: TreeNode) => boolean;
  readonly hidden: readonly TreeNode[];
}

interface Ports extends FactPorts {
  readonly tree: Pick<Tree, 'nodes' | 'size'>;
  readonly isSealed: IsSealed;
}

/**
 * Which objects of the tree are out of the scene because they break a rule. Each node carries the place of the first rule
 * that stops it or one of those it hangs from; a counting rule counts what no rule before it stops. Since a rule only
 * ever depends on those before it, one pass in their order brings everything up to date.
 */
export class Suspensions {
  readonly rules: RuleSet;
  readonly #ports: Ports;
  readonly #verdicts = new Map<TreeNode, Verdict>();
  readonly #buckets: readonly Map<string, Bucket<TreeNode>>[];
  /** Objects that each counting rule has to look at again. */
  readonly #pending: readonly Set<TreeNode>[];
  readonly #broken = new Set<TreeNode>();
  /** What stopped the nodes before this batch. */
  readonly #before = new Map<TreeNode, number>();
  /** Objects that no rule speaks of any more. */
  readonly #leaving = new Set<TreeNode>();
  /** Objects that are out of the scene, and what hangs from them. */
  readonly #stopped = new Set<TreeNode>();
  /** Which of the counting rules count. */
  readonly #awake: boolean[];
  #isCounting = false;
  readonly #noKeys: readonly null[];
  readonly #nextKeys: (string | null)[];
  #lastKeys: readonly (string | null)[];
  #stage = -1;
  #isLoading = false;

  constructor(rules: RuleSet, ports: Ports) {
    this.rules = rules;
    this.#ports = ports;
    this.#buckets = rules.counting.map(() => new Map());
    this.#pending = rules.counting.map(() => new Set());
    this.#awake = rules.counting.map(() => false);
    this.#noKeys = rules.counting.map(() => null);
    this.#nextKeys = [...this.#noKeys];
    this.#lastKeys = this.#noKeys;
  }

  /** Objects that would be in the scene but for a rule. */
  get size(): number {
    return this.#stopped.size;
  }

  /** Objects that break a rule themselves and hang from something visible. */
  *tops(): Generator<TreeNode> {
    for (const node of this.#broken) if (node.up?.visible === true) yield node;
  }

  /** The rule that a suspended object breaks. */
  ruleOf(node: TreeNode): number {
    const verdict = this.#verdicts.get(node);
    return verdict === undefined ? NOT_STOPPED : Math.min(verdict.own, verdict.lost);
  }

  entryOf(node: TreeNode, counting: number): Entry<TreeNode> | null {
    return this.#verdicts.get(node)?.entries[counting] ?? null;
  }

  bucketOf(counting: number, key: string): Bucket<TreeNode> | undefined {
    return this.#buckets[counting]?.get(key);
  }

  factsOf(node: TreeNode): RuleFacts {
    return new NodeFacts(node, this.#ports);
  }

  /**
   * Takes in a batch.
   *
   * @param touched objects with other registers, and which
   * @param tree what the batch did to the tree without regard to rules
   * @param replaced objects that may be elsewhere in the world now
   */
  update(touched: Iterable<Touched>, tree: TreeChanges, replaced: Iterable<TreeNode>): Suspended {
    if (this.rules.single.length + this.rules.counting.length === 0) return tree;
    this.#before.clear();
    for (const node of tree.hidden) this.#forget(node);
    const dirty = this.#wake(0)
      ? new Set(this.#standing())
      : dirtyNodes(this.rules, touched, tree, replaced, (node) => this.#verdicts.has(node));
    for (const node of dirty) this.#judge(node);
    for (const node of dirty) this.#restop(node);
    for (const node of tree.moved) this.#restop(node);
    this.#countAll();
    return this.#outcome(tree);
  }

  /** Lets go of all that these rules keep out, since others come into force; what they kept out. */
  release(): ReadonlySet<TreeNode> {
    const kept = new Set(this.#stopped);
    for (const node of kept) this.#stop(node, NOT_STOPPED);
    return kept;
  }

  /**
   * Takes in a whole tree that no rule was asked about yet.
   *
   * @param tree what the batch did to the tree without regard to rules
   * @param kept what the rules before these kept out
   */
  load(tree: TreeChanges, kept: ReadonlySet<TreeNode>): Suspended {
    const judged: Verdict[] = [];
    this.#isLoading = true;
    this.#wake(0);
    for (const node of this.#standing()) {
      const verdict = this.#judge(node);
      if (verdict !== null) judged.push(verdict);
    }
    for (const { node, own } of judged) if (own !== NOT_STOPPED) this.#restop(node);
    this.#countAll(judged);
    this.#isLoading = false;
    for (const node of kept) if (!this.#before.has(node)) this.#before.set(node, node.stop);
    // All of these count as stopped before, whatever they were meanwhile.
    return this.#outcome(tree, kept);
  }

  /** Begins to count where so many more objects might be too many: to be asked before one looks at what is counted. */
  prepare(more: number): void {
    if (!this.#wake(more)) return;
    for (const node of this.#standing()) this.#judge(node);
    this.#countAll();
    this.#before.clear();
  }

  /** A rule that allows more objects than there are sleeps: nothing is counted for it. Whether one woke. */
  #wake(more: number): boolean {
    const sleeping = this.#awake.filter((awake) => !awake).length;
    if (sleeping === 0) return false;
    const size = this.#ports.tree.size + more;
    for (const [at, { capacity }] of this.rules.counting.entries()) this.#awake[at] ||= capacity < size;
    this.#isCounting = this.#awake.includes(true);
    return this.#awake.filter((awake) => !awake).length < sleeping;
  }

  *#standing(): Generator<TreeNode> {
    for (const node of this.#ports.tree.nodes()) if (node.standing === 'visible') yield node;
  }

  /** @param all of a tree that is loaded: each rule looks at every object once anyway */
  #countAll(all?: readonly Verdict[]): void {
    for (this.#stage = 0; this.#stage < this.#pending.length; this.#stage++) this.#count(this.#stage, all);
    this.#stage = -1;
    for (const node of this.#leaving)
      if (this.#verdicts.get(node)?.keys.length === 0) this.#verdicts.delete(node);
    this.#leaving.clear();
  }

  #judge(node: TreeNode): Verdict | null {
    const facts = this.factsOf(node);
    const sealed = this.#ports.isSealed(node.id);
    const own = sealed ? NOT_STOPPED : this.#breachedBy(facts);
    const keys = this.#keysOf(facts);
    const known = this.#isLoading ? undefined : this.#verdicts.get(node);
    if (own === NOT_STOPPED && keys === null) {
      if (known !== undefined) this.#forget(node);
      return null;
    }
    const verdict = known ?? this.#open(node);
    verdict.own = own;
    verdict.keys = keys ?? this.#noKeys;
    verdict.sealed = sealed;
    verdict.created = createdTicks(facts.registers);
    this.#noteBroken(node, verdict);
    this.#lookAgain(node, verdict);
    return verdict;
  }

  /** The first rule that an object breaks by itself. */
  #breachedBy(facts: RuleFacts): number {
    const check = new SchemaCheck();
    for (const { place, judge } of this.rules.singleFor.of(facts.registers))
      if (judge.breachOf?.(facts, check) != null) return place;
    return NOT_STOPPED;
  }

  /** `null` where no counting rule speaks of the object. Most are counted among the same: one list for all of them. */
  #keysOf(facts: RuleFacts): readonly (string | null)[] | null {
    if (!this.#isCounting) return null;
    const keys = this.#nextKeys.fill(null);
    let isCounted = false;
    for (const { place, judge } of this.rules.countingFor.of(facts.registers)) {
      const key = this.#awake[place] === true ? (judge.keyOf?.(facts) ?? null) : null;
      keys[place] = key;
      isCounted ||= key !== null;
    }
    if (!isCounted) return null;
    if (keys.some((key, at) => key !== this.#lastKeys[at])) this.#lastKeys = [...keys];
    return this.#lastKeys;
  }

  #open(node: TreeNode): Verdict {
    const entries = [...this.#noKeys];
    const verdict = {
      node,
      own: NOT_STOPPED,
      lost: NOT_STOPPED,
      keys: [],
      created: 0,
      sealed: false,
      entries,
    };
    this.#verdicts.set(node, verdict);
    return verdict;
  }

  /** The object has left the tree, or no rule speaks of it any more. */
  #forget(node: TreeNode): void {
    const verdict = this.#verdicts.get(node);
    if (verdict !== undefined) {
      verdict.own = NOT_STOPPED;
      verdict.keys = [];
      this.#leaving.add(node);
      this.#lookAgain(node, verdict);
      this.#noteBroken(node, verdict);
    }
    if (node.standing !== 'visible') this.#stop(node, NOT_STOPPED);
  }

  #lookAgain(node: TreeNode, { keys, entries }: Verdict): void {
    if (this.#isLoading) return;
    for (const [at, pending] of this.#pending.entries())
      if (at > this.#stage && ((keys[at] ?? null) !== null || entries[at] != null)) pending.add(node);
  }

  /** Decides anew what stops an object, and with it all that hangs from it. */
  #restop(top: TreeNode): void {
    const queue = [top];
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      if (node.standing !== 'visible') continue;
      const stop = Math.min(this.ruleOf(node), node.up?.stop ?? NOT_STOPPED);
      if (stop === node.stop) continue;
      this.#stop(node, stop);
      const verdict = this.#verdicts.get(node);
      if (verdict !== undefined) this.#lookAgain(node, verdict);
      for (const child of node.below()) queue.push(child);
    }
  }

  #stop(node: TreeNode, stop: number): void {
    if (node.stop === stop) return;
    if (!this.#before.has(node)) this.#before.set(node, node.stop);
    if (stop === NOT_STOPPED) this.#stopped.delete(node);
    else this.#stopped.add(node);
    node.stop = stop;
    node.up?.childShown();
  }

  /** One counting rule: who is counted, and who of them is one too many. */
  #count(at: number, all?: readonly Verdict[]): void {
    const pending = this.#pending[at];
    const place = this.rules.single.length + at;
    if (pending === undefined || (pending.size === 0 && all === undefined)) return;
    const changes = new Map<Bucket<TreeNode>, { removed: Entry<TreeNode>[]; added: Entry<TreeNode>[] }>();
    const changesOf = (bucket: Bucket<TreeNode>) => {
      const known = changes.get(bucket);
      if (known !== undefined) return known;
      const opened = { removed: [], added: [] };
      changes.set(bucket, opened);
      return opened;
    };
    const decided = new Set<TreeNode>();
    for (const verdict of all ?? this.#verdictsOf(pending)) {
      const { node } = verdict;
      const key = node.standing === 'visible' && node.stop >= place ? (verdict.keys[at] ?? null) : null;
      const held = verdict.entries[at] ?? null;
      const bucket = key === null ? null : this.#bucket(at, key);
      const { created, sealed } = verdict;
      if (held?.bucket === (bucket ?? undefined) && held?.created === created && held.sealed === sealed)
        continue;
      if (held !== null) {
        changesOf(held.bucket).removed.push(held);
        if (verdict.lost === place) decided.add(node);
        verdict.lost = verdict.lost === place ? NOT_STOPPED : verdict.lost;
      }
      const entry =
        bucket === null ? null : { node, id: node.id, created, sealed, bucket, lost: false, at: 0 };
      if (entry !== null) changesOf(entry.bucket).added.push(entry);
      verdict.entries[at] = entry;
    }
    pending.clear();
    for (const [bucket, { removed, added }] of changes)
      for (const { node, lost } of bucket.change(removed, added)) {
        const verdict = this.#verdicts.get(node);
        if (verdict !== undefined) verdict.lost = lost ? place : NOT_STOPPED;
        decided.add(node);
      }
    for (const node of decided) {
      const verdict = this.#verdicts.get(node);
      if (verdict !== undefined) this.#noteBroken(node, verdict);
      this.#restop(node);
    }
    for (const bucket of changes.keys()) this.#dropIfEmpty(at, bucket);
  }

  *#verdictsOf(nodes: Iterable<TreeNode>): Generator<Verdict> {
    for (const node of nodes) {
      const verdict = this.#verdicts.get(node);
      if (verdict !== undefined) yield verdict;
    }
  }

  #bucket(at: number, key: string): Bucket<TreeNode> {
    const known = this.#buckets[at]?.get(key);
    if (known !== undefined) return known;
    const bucket = new Bucket<TreeNode>(key, this.rules.counting[at]?.capacity ?? 0);
    this.#buckets[at]?.set(key, bucket);
    return bucket;
  }

  #dropIfEmpty(at: number, bucket: Bucket<TreeNode>): void {
    if (bucket.size === 0) this.#buckets[at]?.delete(bucket.key);
  }

  #noteBroken(node: TreeNode, { own, lost }: Verdict): void {
    if (Math.min(own, lost) !== NOT_STOPPED) this.#broken.add(node);
    else if (this.#broken.size > 0) this.#broken.delete(node);
  }

  /** @param kept what was out of the scene before, besides what these rules note themselves */
  #outcome(tree: TreeChanges, kept?: ReadonlySet<TreeNode>): Suspended {
    let shown = tree.shown.filter((node) => node.visible);
    const hidden: TreeNode[] = [];
    const wasShown = (node: TreeNode) =>
      kept === undefined ? (this.#before.get(node) ?? node.stop) === NOT_STOPPED : !kept.has(node);
    for (const node of tree.hidden) if (wasShown(node)) hidden.push(node);
    const back = new Set<TreeNode>();
    for (const node of this.#before.keys()) {
      if (tree.isShown(node) || node.standing !== 'visible' || wasShown(node) === node.visible) continue;
      if (node.visible) back.add(node);
      else {
        node.snapshot = null;
        hidden.push(node);
      }
    }
    if (back.size > 0) shown = shown.concat([...back]).sort((a, b) => a.depth - b.depth);
    this.#before.clear();
    return { shown, isShown: (node) => tree.isShown(node) || back.has(node), hidden };
  }
}
