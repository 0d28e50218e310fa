import type { SceneProblem } from '../scene/problem.ts';
import type { TreeNode } from '../scene/tree-node.ts';
import { breachesOf } from './breaches.ts';
import type { Breach } from './judge.ts';
import type { Suspensions } from './suspensions.ts';

/** Objects that a problem names as what is in the way. */
export const MAX_NAMED_CLASHES = 8;

/** The suspended objects that hang from something visible, each with the rule that it breaks. */
export function* listSuspended(suspensions: Suspensions): Generator<SceneProblem> {
  const { single, counting } = suspensions.rules;
  for (const node of suspensions.tops()) {
    const place = suspensions.ruleOf(node);
    const breach = place < single.length ? firstBreach(suspensions, node) : null;
    const judge = single[place] ?? counting[place - single.length];
    if (judge === undefined) continue;
    const entry = suspensions.entryOf(node, place - single.length);
    const clashes = breach?.clashes ?? entry?.bucket.winners(MAX_NAMED_CLASHES).map(({ id }) => id) ?? [];
    yield Object.freeze({
      reason: 'rule',
      object: node.id,
      rule: judge.rule.name,
      expected: breach?.expected ?? judge.expected,
      clashes: Object.freeze(clashes),
      hidden: countBelow(node),
    });
  }
}

function firstBreach(suspensions: Suspensions, node: TreeNode): Breach | null {
  const facts = suspensions.factsOf(node);
  const candidates = suspensions.rules.singleFor.of(facts.registers);
  const [first] = breachesOf(
    candidates.map(({ judge }) => judge),
    facts,
  );
  return first?.breach ?? null;
}

function countBelow(top: TreeNode): number {
  let count = 0;
  const queue = [top];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    if (node.standing !== 'visible') continue;
    count += 1;
    for (const child of node.below()) queue.push(child);
  }
  return count;
}
