import { type ObjectId, ROOT } from '../ids.ts';
import { compareRegisters } from '../register/register.ts';
import { suspendAll } from '../rules/suspend-all.ts';
import { compareUtf8 } from '../value/utf8.ts';
import { isDeleted, isPresent, PARENT_PATH, type Registers, writtenOrder, writtenParent } from './facts.ts';
import { compareProblems, type SceneProblem } from './problem.ts';
import type { ScenePolicy } from './scene-policy.ts';
import { schemaProblemsOf } from './schema-problems.ts';
import { compareSiblings } from './siblings.ts';
import { MAX_DEPTH } from './tree.ts';

/** The visible scene, plain. */
export interface ReducedScene {
  readonly objects: ReadonlyMap<ObjectId, { readonly parent: ObjectId; readonly registers: Registers }>;
  /** The visible children of the root and of every visible object that has any, in order. */
  readonly children: ReadonlyMap<ObjectId, readonly ObjectId[]>;
  readonly problems: readonly SceneProblem[];
}

type Fate = 'visible' | 'deleted' | 'pending' | 'too-deep';

/** The reduction as the specification has it, from nothing and step by step: what `Reduction` is tested against. */
export function reduceAll(all: ReadonlyMap<ObjectId, Registers>, policy: ScenePolicy = {}): ReducedScene {
  const present = new Map([...all].filter(([id, registers]) => isPresent(id, registers)));
  const written = new Map([...present].map(([id, registers]) => [id, writtenParent(registers)]));
  const cuts = new Set([...present.keys()].filter((id) => isGreatestOfCycle(id, written, present)));
  const parents = new Map([...written].map(([id, parent]) => [id, cuts.has(id) ? ROOT : parent]));
  const fates = new Map([...present.keys()].map((id) => [id, fateOf(id, parents, present)]));
  const standing = new Set([...present.keys()].filter((id) => fates.get(id) === 'visible'));
  const suspended = suspendAll(standing, parents, present, policy);
  const visible = [...present].filter(([id]) => standing.has(id) && !suspended.hidden.has(id));
  return {
    objects: new Map(visible.map(([id, registers]) => [id, { parent: parents.get(id) ?? ROOT, registers }])),
    children: childrenOf(visible, parents),
    problems: [
      ...treeProblems(written, parents, cuts, fates),
      ...suspended.problems,
      ...[...present.keys()].flatMap((id) => schemaProblemsOf(id, (of) => all.get(of), policy.components)),
    ].sort(compareProblems),
  };
}

/** The objects on the cycle through this one, itself first; none if it is on no cycle. */
function cycleOf(start: ObjectId, parents: ReadonlyMap<ObjectId, ObjectId>): readonly ObjectId[] {
  const way = new Set<ObjectId>();
  for (let id: ObjectId | undefined = start; id !== undefined && !way.has(id); id = parents.get(id))
    way.add(id);
  const last = [...way].at(-1);
  return last !== undefined && parents.get(last) === start ? [...way] : [];
}

function isGreatestOfCycle(
  id: ObjectId,
  written: ReadonlyMap<ObjectId, ObjectId>,
  present: ReadonlyMap<ObjectId, Registers>,
): boolean {
  const cycle = cycleOf(id, written);
  return cycle.length > 0 && cycle.every((other) => other === id || compareEdges(other, id, present) < 0);
}

function compareEdges(a: ObjectId, b: ObjectId, present: ReadonlyMap<ObjectId, Registers>): number {
  const left = present.get(a)?.get(PARENT_PATH);
  const right = present.get(b)?.get(PARENT_PATH);
  return (left && right && compareRegisters(left, right)) || compareUtf8(a, b);
}

function fateOf(
  start: ObjectId,
  parents: ReadonlyMap<ObjectId, ObjectId>,
  present: ReadonlyMap<ObjectId, Registers>,
): Fate {
  const way = [start];
  let top = parents.get(start);
  for (; top !== undefined && top !== ROOT; top = parents.get(top)) way.push(top);
  if (way.some((id) => isDeletedAt(id, present))) return 'deleted';
  if (top !== ROOT) return 'pending';
  return way.length > MAX_DEPTH ? 'too-deep' : 'visible';
}

function isDeletedAt(id: ObjectId, present: ReadonlyMap<ObjectId, Registers>): boolean {
  const registers = present.get(id);
  return registers !== undefined && isDeleted(registers);
}

function childrenOf(
  visible: readonly (readonly [ObjectId, Registers])[],
  parents: ReadonlyMap<ObjectId, ObjectId>,
): ReadonlyMap<ObjectId, readonly ObjectId[]> {
  const siblings = Map.groupBy(
    visible.map(([id, registers]) => ({ id, order: writtenOrder(registers) })),
    ({ id }) => parents.get(id) ?? ROOT,
  );
  return new Map(
    [...siblings].map(([id, children]) => [id, children.sort(compareSiblings).map((child) => child.id)]),
  );
}

function* treeProblems(
  written: ReadonlyMap<ObjectId, ObjectId>,
  parents: ReadonlyMap<ObjectId, ObjectId>,
  cuts: ReadonlySet<ObjectId>,
  fates: ReadonlyMap<ObjectId, Fate>,
): Generator<SceneProblem> {
  for (const [object, fate] of fates) {
    const parent = written.get(object) ?? ROOT;
    const above = fates.get(parents.get(object) ?? ROOT);
    const hidden = () =>
      [...fates].filter(([id, other]) => other === fate && isBelow(id, object, parents)).length;
    if (cuts.has(object) && fate !== 'deleted') yield { reason: 'cycle', object, parent };
    if (fate === 'pending' && above === undefined)
      yield { reason: 'pending', object, parent, hidden: hidden() };
    if (fate === 'too-deep' && above === 'visible') yield { reason: 'too-deep', object, hidden: hidden() };
  }
}

function isBelow(id: ObjectId, top: ObjectId, parents: ReadonlyMap<ObjectId, ObjectId>): boolean {
  for (let at: ObjectId | undefined = id; at !== undefined; at = parents.get(at)) if (at === top) return true;
  return false;
}
