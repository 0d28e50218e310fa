import { type ObjectId, ROOT } from '../ids.ts';
import type { Registers } from '../scene/facts.ts';
import { originOf, type Pose, poseUnder, ROOT_POSE } from '../scene/pose.ts';
import type { SceneProblem } from '../scene/problem.ts';
import type { ScenePolicy } from '../scene/scene-policy.ts';
import { breachesOf } from './breaches.ts';
import { compareEntries } from './bucket.ts';
import { createdTicks, type RuleFacts } from './facts.ts';
import type { Judge } from './judge.ts';
import { MAX_NAMED_CLASHES } from './list-suspended.ts';
import { ruleSetOf } from './rule-set.ts';

interface Suspension {
  readonly judge: Judge;
  readonly expected: string;
  readonly clashes: readonly ObjectId[];
}

/** The rules as the specification has them, from nothing and step by step: what `Suspensions` is tested against. */
export function suspendAll(
  standing: ReadonlySet<ObjectId>,
  parents: ReadonlyMap<ObjectId, ObjectId>,
  present: ReadonlyMap<ObjectId, Registers>,
  { rules = [], isSealed = () => false }: ScenePolicy,
): { readonly hidden: ReadonlySet<ObjectId>; readonly problems: readonly SceneProblem[] } {
  const { single, counting } = ruleSetOf(rules);
  const suspended = new Map<ObjectId, Suspension>();
  const isHidden = (id: ObjectId) => wayUp(id, parents).some((at) => suspended.has(at));
  const facts = new Map([...standing].map((id) => [id, factsOf(id, parents, present)]));
  for (const [id, each] of facts) {
    const [first] = isSealed(id) ? [] : breachesOf(single, each);
    if (first !== undefined) suspended.set(id, { judge: first.judge, ...first.breach });
  }
  for (const judge of counting) {
    const counted = [...facts].filter(([id]) => !isHidden(id));
    const groups = Map.groupBy(counted, ([, each]) => judge.keyOf?.(each) ?? null);
    for (const [key, group] of groups) {
      if (key === null) continue;
      const order = group
        .map(([id, { registers }]) => ({ id, created: createdTicks(registers), sealed: isSealed(id) }))
        .sort(compareEntries);
      const clashes = order.slice(0, Math.min(judge.capacity, MAX_NAMED_CLASHES)).map(({ id }) => id);
      for (const { id, sealed } of order.slice(judge.capacity))
        if (!sealed) suspended.set(id, { judge, expected: judge.expected, clashes });
    }
  }
  const hidden = new Set([...standing].filter(isHidden));
  const problems = [...suspended]
    .filter(([id]) => !hidden.has(parents.get(id) ?? ROOT))
    .map(([object, { judge, expected, clashes }]): SceneProblem => {
      const below = [...standing].filter((id) => wayUp(id, parents).includes(object));
      return { reason: 'rule', object, rule: judge.rule.name, expected, clashes, hidden: below.length };
    });
  return { hidden, problems };
}

/** The object and what it hangs from, the root excepted. */
function wayUp(id: ObjectId, parents: ReadonlyMap<ObjectId, ObjectId>): readonly ObjectId[] {
  const way: ObjectId[] = [];
  for (let at: ObjectId | undefined = id; at !== undefined && at !== ROOT; at = parents.get(at)) way.push(at);
  return way;
}

function factsOf(
  id: ObjectId,
  parents: ReadonlyMap<ObjectId, ObjectId>,
  present: ReadonlyMap<ObjectId, Registers>,
): RuleFacts {
  const way = wayUp(id, parents);
  const parentId = parents.get(id) ?? ROOT;
  const registersOf = (of: ObjectId): Registers => present.get(of) ?? new Map();
  return {
    id,
    registers: registersOf(id),
    parent: parentId === ROOT ? null : registersOf(parentId),
    parentId,
    isBelow: (top) => top === ROOT || way.slice(1).includes(top),
    origin: () =>
      originOf(way.reduceRight<Pose>((above, at) => poseUnder(above, registersOf(at)), ROOT_POSE).matrix),
  };
}
