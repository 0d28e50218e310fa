import { type Path, ROOT } from '../ids.ts';
import type { ReadRegisters, Registers } from '../scene/facts.ts';
import type { TreeChanges } from '../scene/tree.ts';
import { NOT_STOPPED, type TreeNode } from '../scene/tree-node.ts';
import { Bucket, type Entry } from './bucket.ts';
import { createdTicks, type RuleFacts } from './facts.ts';
import { readsAny } from './judge.ts';
import type { IsSealed, RuleSet } from './rule-set.ts';

/** What the rules know of one object; only of those that a rule has something to say of. */
interface Verdict {
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

interface Ports {
  readonly read: ReadRegisters;
  readonly originOf: (node: TreeNode) => readonly [number, number, number];
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
  #stage = -1;
  #size = 0;

  constructor(rules: RuleSet, ports: Ports) {
    this.rules = rules;
    this.#ports = ports;
    this.#buckets = rules.counting.map(() => new Map());
    this.#pending = rules.counting.map(() => new Set());
  }

  /** Objects that would be in the scene but for a rule. */
  get size(): number {
    return this.#size;
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
    const { read, originOf } = this.#ports;
    const { up } = node;
    const isTop = up === null || up.id === ROOT;
    return {
      id: node.id,
      registers: read(node.id) ?? NOTHING,
      parent: isTop ? null : (read(up.id) ?? NOTHING),
      parentId: isTop ? ROOT : up.id,
      isBelow: (id) => {
        for (let at = up; at !== null; at = at.up) if (at.id === id) return true;
        return false;
      },
      origin: () => originOf(node),
    };
  }

  /**
   * Takes in a batch.
   *
   * @param touched objects with other registers, and which
   * @param tree what the batch did to the tree without regard to rules
   * @param replaced objects that may be elsewhere in the world now
   */
  update(
    touched: Iterable<readonly [TreeNode, ReadonlySet<Path>]>,
    tree: TreeChanges,
    replaced: Iterable<TreeNode>,
  ): Suspended {
    if (this.rules.single.length + this.rules.counting.length === 0) return tree;
    this.#before.clear();
    for (const node of tree.hidden) this.#forget(node);
    const dirty = this.#dirtyNodes(touched, tree, replaced);
    for (const node of dirty) this.#judge(node);
    for (const node of dirty) this.#restop(node);
    for (const node of tree.moved) this.#restop(node);
    this.#countAll();
    return this.#outcome(tree);
  }

  /** Takes in a whole tree that no rule was asked about yet. */
  load(nodes: Iterable<TreeNode>): void {
    const judged: TreeNode[] = [];
    for (const node of nodes) {
      if (node.standing !== 'visible') continue;
      this.#judge(node);
      if (this.#verdicts.has(node)) judged.push(node);
    }
    for (const node of judged) this.#restop(node);
    this.#countAll();
    this.#before.clear();
  }

  #countAll(): void {
    for (this.#stage = 0; this.#stage < this.#pending.length; this.#stage++) this.#count(this.#stage);
    this.#stage = -1;
    for (const node of this.#leaving)
      if (this.#verdicts.get(node)?.keys.length === 0) this.#verdicts.delete(node);
    this.#leaving.clear();
  }

  #dirtyNodes(
    touched: Iterable<readonly [TreeNode, ReadonlySet<Path>]>,
    { shown, moved }: TreeChanges,
    replaced: Iterable<TreeNode>,
  ): ReadonlySet<TreeNode> {
    const { own, parents, asksAncestors, asksOrigin } = this.rules;
    const dirty = new Set<TreeNode>();
    const add = (node: TreeNode) => {
      if (node.standing === 'visible') dirty.add(node);
    };
    for (const [node, paths] of touched) {
      // Any register may be the one that says when a counted object was made.
      if (readsAny(own, paths) || this.#verdicts.has(node)) add(node);
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

  #judge(node: TreeNode): void {
    const facts = this.factsOf(node);
    const sealed = this.#ports.isSealed(node.id);
    const own = sealed ? -1 : this.rules.single.findIndex(({ breachOf }) => breachOf?.(facts) != null);
    const keys = this.#keysOf(facts);
    const known = this.#verdicts.get(node);
    if (own < 0 && keys === null) {
      if (known !== undefined) this.#forget(node);
      return;
    }
    const verdict = known ?? this.#open(node);
    verdict.own = own < 0 ? NOT_STOPPED : own;
    verdict.keys = keys ?? this.rules.counting.map(() => null);
    verdict.sealed = sealed;
    verdict.created = createdTicks(facts.registers);
    this.#noteBroken(node, verdict);
    this.#lookAgain(node, verdict);
  }

  /** `null` where no counting rule speaks of the object, as of most. */
  #keysOf(facts: RuleFacts): readonly (string | null)[] | null {
    let keys: (string | null)[] | null = null;
    for (const [at, { keyOf }] of this.rules.counting.entries()) {
      const key = keyOf?.(facts) ?? null;
      if (key === null) continue;
      keys ??= this.rules.counting.map(() => null);
      keys[at] = key;
    }
    return keys;
  }

  #open(node: TreeNode): Verdict {
    const entries = this.rules.counting.map(() => null);
    const verdict = { own: NOT_STOPPED, lost: NOT_STOPPED, keys: [], created: 0, sealed: false, entries };
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
    this.#size += Number(stop !== NOT_STOPPED) - Number(node.stop !== NOT_STOPPED);
    node.stop = stop;
    node.up?.childShown();
  }

  /** One counting rule: who is counted, and who of them is one too many. */
  #count(at: number): void {
    const pending = this.#pending[at];
    const place = this.rules.single.length + at;
    if (pending === undefined || pending.size === 0) return;
    const changes = new Map<Bucket<TreeNode>, { removed: Entry<TreeNode>[]; added: Entry<TreeNode>[] }>();
    const changesOf = (bucket: Bucket<TreeNode>) => {
      const known = changes.get(bucket) ?? { removed: [], added: [] };
      changes.set(bucket, known);
      return known;
    };
    const decided = new Set<TreeNode>();
    for (const node of pending) {
      const verdict = this.#verdicts.get(node);
      if (verdict === undefined) continue;
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
      const entry = bucket === null ? null : { node, id: node.id, created, sealed, bucket, lost: false };
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
    if (Math.min(own, lost) === NOT_STOPPED) this.#broken.delete(node);
    else this.#broken.add(node);
  }

  #outcome(tree: TreeChanges): Suspended {
    const shown = tree.shown.filter((node) => node.visible);
    const hidden: TreeNode[] = [];
    const wasShown = (node: TreeNode) => (this.#before.get(node) ?? node.stop) === NOT_STOPPED;
    for (const node of tree.hidden) if (wasShown(node)) hidden.push(node);
    let extra = false;
    for (const node of this.#before.keys()) {
      if (tree.isShown(node) || node.standing !== 'visible' || wasShown(node) === node.visible) continue;
      if (node.visible) {
        shown.push(node);
        extra = true;
      } else {
        node.snapshot = null;
        hidden.push(node);
      }
    }
    if (extra) shown.sort((a, b) => a.depth - b.depth);
    this.#before.clear();
    return suspendedOf(shown, hidden);
  }
}

export function suspendedOf(shown: readonly TreeNode[], hidden: readonly TreeNode[]): Suspended {
  const set = new Set(shown);
  return { shown, isShown: (node) => set.has(node), hidden };
}

const NOTHING: Registers = new Map();

function* walk(top: TreeNode): Generator<TreeNode> {
  const queue = [top];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    yield node;
    for (const child of node.below()) queue.push(child);
  }
}
