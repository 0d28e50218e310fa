import {
  isObjectId,
  type ObjectId,
  type ReducedScene,
  type Registers,
  ROOT,
  type Scene,
  type Value,
} from '../../src/index.ts';
import type { SceneJson } from './vectors.ts';

/** What a scene shows of these registers, and why it hides the rest. Problems of schema are left out. */
export function sceneJson(
  scene: Pick<Scene, 'children' | 'has' | 'problems'>,
  registers: ReadonlyMap<ObjectId, Registers>,
): SceneJson {
  const children: Record<string, readonly string[]> = {};
  const hidden: Record<string, string> = {};
  for (const [id, own] of registers) {
    if (id === ROOT || ![...own.values()].some(({ value }) => value !== null)) continue;
    if (!scene.has(id)) hidden[id] = reasonFor(id, scene, registers);
    else if (scene.children(id).length > 0) children[id] = scene.children(id);
  }
  if (scene.children(ROOT).length > 0) children[ROOT] = scene.children(ROOT);
  return { children, hidden, problems: treeProblems(scene) };
}

/** What does not fit its schema: object id → paths, both in UTF-8 order. */
export function misfitsJson({
  problems,
}: Pick<Scene, 'problems'>): Readonly<Record<string, readonly string[]>> {
  const misfits: Record<string, string[]> = {};
  for (const problem of problems) {
    if (problem.reason !== 'schema') continue;
    const paths = misfits[problem.object] ?? [];
    misfits[problem.object] = [...paths, problem.path];
  }
  return misfits;
}

/** `sceneJson` of a scene that was recomputed. */
export function reducedJson(scene: ReducedScene, registers: ReadonlyMap<ObjectId, Registers>): SceneJson {
  const none: readonly ObjectId[] = [];
  return sceneJson(
    {
      problems: scene.problems,
      has: (id) => scene.objects.has(id),
      children: (id) => scene.children.get(id) ?? none,
    },
    registers,
  );
}

function treeProblems(scene: Pick<Scene, 'problems'>): Value {
  return scene.problems.flatMap((problem): Value[] => {
    if (problem.reason === 'schema') return [];
    if (problem.reason !== 'rule') return [{ ...problem }];
    // What a rule accepts is said in words, which every implementation chooses for itself.
    const { expected: _expected, ...facts } = problem;
    return [facts];
  });
}

/** A problem is listed for the topmost hidden object only: the way up leads to it, or past a deleted one. */
function reasonFor(
  start: ObjectId,
  scene: Pick<Scene, 'problems'>,
  registers: ReadonlyMap<ObjectId, Registers>,
): string {
  const cut = new Set(scene.problems.flatMap(({ reason, object }) => (reason === 'cycle' ? [object] : [])));
  const seen = new Set<ObjectId>();
  let reason = 'deleted';
  for (let id: ObjectId | undefined = start; id !== undefined && !seen.has(id); id = up(id, cut, registers)) {
    seen.add(id);
    if (valueAt(id, 'node.deleted', registers) === true) return 'deleted';
    for (const problem of scene.problems)
      if (problem.object === id && problem.reason !== 'cycle' && problem.reason !== 'schema')
        reason = problem.reason;
  }
  return reason;
}

function up(
  id: ObjectId,
  cut: ReadonlySet<ObjectId>,
  registers: ReadonlyMap<ObjectId, Registers>,
): ObjectId | undefined {
  const parent = valueAt(id, 'node.parent', registers);
  return cut.has(id) || !isObjectId(parent) || !registers.has(parent) ? undefined : parent;
}

function valueAt(
  id: ObjectId,
  wanted: string,
  registers: ReadonlyMap<ObjectId, Registers>,
): Value | undefined {
  for (const [path, { value }] of registers.get(id) ?? []) if (path === wanted) return value;
  return undefined;
}
