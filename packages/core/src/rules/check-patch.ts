import type { CustomComponent } from '../components/custom-component.ts';
import { checkPath } from '../components/validate.ts';
import { type EditAccess, ROLE_LEVELS } from '../edit/access.ts';
import { WeftError } from '../errors.ts';
import type { ObjectId, Path } from '../ids.ts';
import { entriesOf, type Patch } from '../register/patch.ts';
import { DELETED_PATH, PARENT_PATH } from '../scene/facts.ts';
import { TRANSFORM_PREFIX } from '../scene/pose.ts';
import { NOT_STOPPED, type TreeNode } from '../scene/tree-node.ts';
import { breachesOf } from './breaches.ts';
import { checkDeclared } from './check-declared.ts';
import { DraftFacts } from './draft-facts.ts';
import { type Judge, readsAny } from './judge.ts';
import { MAX_NAMED_CLASHES } from './list-suspended.ts';
import type { RuleView } from './rule-view.ts';

/** Objects that one check looks at; what a larger edit moves along with it is judged by the reduction alone. */
export const MAX_CHECKED_OBJECTS = 10_000;

/**
 * Whether a patch keeps the rules of the world and the components that it declares: what an author's client asks before it
 * writes and a relay before it passes on, by the same judges as the reduction. Joins nothing. What is broken already
 * may stay broken, so that things can be put right one by one. What visitors write has to fit the built-in components too:
 * a builder may be ahead of this version, a visitor has no reason to.
 *
 * Costs what is changed, times the rules; and what hangs below it where that moves, appears or goes.
 *
 * @throws WeftError `rule` with the name of the rule and what is in the way, `schema` for a component
 */
export function checkPatch(
  view: RuleView,
  components: ReadonlyMap<string, CustomComponent>,
  patch: Patch,
  access: EditAccess,
): void {
  if (!(access.level >= ROLE_LEVELS.builder)) checkBuiltIn(patch);
  const { single, counting, locks } = view.suspensions.rules;
  if (components.size + single.length + counting.length + locks.length === 0) return;
  const draft = new DraftFacts(view, patch);
  for (const [id, object] of patch.objects) {
    if (components.size > 0) checkDeclared(components, view, draft, id, object);
    if (locks.length > 0) checkLocks(locks, view, draft, id, access);
  }
  if (single.length === 0 && counting.length === 0) return;
  const counts = counting.map(() => new Map<string, Count>());
  const affected = affectedBy(view, draft, patch);
  view.suspensions.prepare(affected.size);
  for (const id of affected) {
    const way = draft.wayUp(id);
    const shown = way !== null && draft.isUnderVisible(way);
    if (shown) checkSingle(single, view, draft, id, way);
    if (way !== null && view.nodeOf(id)?.visible === true) checkHolders(view, draft, patch, id, way);
    const facts = shown ? draft.factsOf(id, way) : null;
    for (const [at, judge] of counting.entries()) {
      const node = view.nodeOf(id);
      const before = (node === undefined ? null : view.suspensions.entryOf(node, at))?.bucket.key ?? null;
      const after = facts === null ? null : (judge.keyOf?.(facts) ?? null);
      const isSealed = node !== undefined && view.suspensions.entryOf(node, at)?.sealed === true;
      if (before === after || isSealed) continue;
      if (before !== null) countOf(counts, at, before).left += 1;
      if (after !== null) countOf(counts, at, after).came.push(id);
    }
  }
  for (const [at, judge] of counting.entries()) checkCounts(judge, at, view, counts[at] ?? new Map());
}

interface Count {
  left: number;
  readonly came: ObjectId[];
}

function countOf(counts: readonly Map<string, Count>[], at: number, key: string): Count {
  const known = counts[at]?.get(key) ?? { left: 0, came: [] };
  counts[at]?.set(key, known);
  return known;
}

function checkBuiltIn(patch: Patch): void {
  for (const { id, path, register } of entriesOf(patch)) {
    const expected = checkPath(path, register.value);
    if (expected === null) continue;
    throw new WeftError('schema', {
      what: `change ${id}`,
      expected: `${path} to be ${expected}`,
      got: JSON.stringify(register.value),
      hint: 'Write a value that fits.',
      path,
    });
  }
}

function checkLocks(
  locks: readonly Judge[],
  view: RuleView,
  draft: DraftFacts,
  id: ObjectId,
  access: EditAccess,
): void {
  const way = draft.wayUp(id);
  const node = view.nodeOf(id);
  const before = node?.present === true ? view.suspensions.factsOf(node) : null;
  const after = way === null ? null : draft.factsOf(id, way);
  for (const judge of locks) {
    const { rule } = judge;
    if (rule.kind !== 'locked' || access.level >= rule.level) continue;
    const speaks = (before !== null && judge.matches(before)) || (after !== null && judge.matches(after));
    if (!speaks) continue;
    throw ruleError(judge, id, {
      expected: `a power level of at least ${rule.level}`,
      got: `${access.level} for ${access.userId}`,
      path: null,
    });
  }
}

function checkSingle(
  single: readonly Judge[],
  view: RuleView,
  draft: DraftFacts,
  id: ObjectId,
  way: readonly ObjectId[],
): void {
  const facts = draft.factsOf(id, way);
  let before: ReadonlySet<Judge> | null = null;
  for (const { judge, breach } of breachesOf(single, facts)) {
    before ??= brokenBefore(single, view, id);
    if (before.has(judge)) continue;
    const { path, clashes } = breach;
    const value = path === null ? null : JSON.stringify(facts.registers.get(path)?.value ?? null);
    throw ruleError(judge, id, {
      expected: breach.expected,
      got: clashes.length > 0 ? clashes.join(', ') : (value ?? 'none'),
      path,
    });
  }
}

function brokenBefore(single: readonly Judge[], view: RuleView, id: ObjectId): ReadonlySet<Judge> {
  const node = view.nodeOf(id);
  if (node?.standing !== 'visible') return new Set();
  return new Set([...breachesOf(single, view.suspensions.factsOf(node))].map(({ judge }) => judge));
}

/** What is in the scene may not be hung where a rule keeps all out. */
function checkHolders(
  view: RuleView,
  draft: DraftFacts,
  patch: Patch,
  id: ObjectId,
  way: readonly ObjectId[],
): void {
  for (const [at, holder] of way.entries()) {
    const judge = at === 0 ? null : keepsOut(view, draft, patch, holder, way.slice(at));
    if (judge === null) continue;
    throw ruleError(judge, id, {
      expected: 'to hang from an object that breaks no rule',
      got: holder,
      path: null,
    });
  }
}

/** The rule that an object breaks and will still break; what it breaks anew is refused by itself. */
function keepsOut(
  view: RuleView,
  draft: DraftFacts,
  patch: Patch,
  id: ObjectId,
  way: readonly ObjectId[],
): Judge | null {
  const { single, counting } = view.suspensions.rules;
  const node = view.nodeOf(id);
  const place = node === undefined ? NOT_STOPPED : view.suspensions.ruleOf(node);
  if (node === undefined || place === NOT_STOPPED) return null;
  const counted = counting[place - single.length] ?? null;
  if (!patch.objects.has(id)) return single[place] ?? counted;
  const facts = draft.factsOf(id, way);
  const [broken] = breachesOf(single, facts);
  const key = view.suspensions.entryOf(node, place - single.length)?.bucket.key;
  return broken?.judge ?? (key !== undefined && counted?.keyOf?.(facts) === key ? counted : null);
}

function checkCounts(judge: Judge, at: number, view: RuleView, counts: ReadonlyMap<string, Count>): void {
  for (const [key, { left, came }] of counts) {
    const bucket = view.suspensions.bucketOf(at, key);
    const total = (bucket?.size ?? 0) - left + came.length;
    const [first] = came;
    if (first === undefined || total <= judge.capacity) continue;
    const others = bucket?.winners(MAX_NAMED_CLASHES).map(({ id }) => id) ?? [];
    const named = others.length === 0 ? came.slice(1, 1 + MAX_NAMED_CLASHES) : others;
    const { rule } = judge;
    throw ruleError(judge, first, {
      expected: judge.expected,
      got: rule.kind === 'limit' ? `${total}, beside ${named.join(', ')}` : `the same as ${named.join(', ')}`,
      path: null,
    });
  }
}

/** The objects that may come to stand otherwise with the rules, those that the patch writes first. */
function affectedBy(view: RuleView, draft: DraftFacts, patch: Patch): ReadonlySet<ObjectId> {
  const { parents, asksAncestors, asksOrigin } = view.suspensions.rules;
  const affected = new Set(patch.objects.keys());
  for (const [id, { registers }] of patch.objects) {
    const node = view.nodeOf(id);
    if (node === undefined) continue;
    const paths = [...registers.keys()];
    const isMoved = paths.includes(PARENT_PATH);
    const comesOrGoes =
      node.stop !== NOT_STOPPED ||
      paths.includes(DELETED_PATH) ||
      (node.standing === 'visible') !== (draft.wayUp(id) !== null);
    const isElsewhere = asksOrigin && (isMoved || hasTransform(paths));
    if (comesOrGoes || isElsewhere || (isMoved && asksAncestors)) addBelow(node, affected);
    else if (readsAny(parents, paths)) for (const child of node.below()) affected.add(child.id);
  }
  return affected;
}

function addBelow(top: TreeNode, affected: Set<ObjectId>): void {
  const queue = [...top.below()];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    if (affected.size >= MAX_CHECKED_OBJECTS) return;
    affected.add(node.id);
    for (const child of node.below()) queue.push(child);
  }
}

function hasTransform(paths: readonly Path[]): boolean {
  return paths.some((path) => path.startsWith(TRANSFORM_PREFIX));
}

function ruleError(
  { rule }: Judge,
  id: ObjectId,
  details: { readonly expected: string; readonly got: string; readonly path: Path | null },
): WeftError {
  const said = rule.title === undefined ? '' : `${rule.title} `;
  return new WeftError('rule', {
    what: `change ${id}`,
    expected: details.expected,
    got: details.got,
    hint: `${said}That is the rule ${rule.name} of this world; a steward can change it (world.weft.rule).`,
    by: 'steward',
    path: details.path ?? id,
    rule: rule.name,
  });
}
