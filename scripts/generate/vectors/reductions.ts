import {
  MAX_DEPTH,
  type ObjectId,
  type Path,
  parseObjectId,
  parsePath,
  type ReducedScene,
  type Register,
  type Registers,
  reduceAll,
  type Value,
} from '@weft/core';
import { SeededRandom } from '@weft/testing';
import { type JsonRecord, plain } from '../json.ts';
import { objectsJson } from './notation.ts';
import { randomRegister, times } from './random-patch.ts';
import { SEED, type VectorFile } from './vector-file.ts';

export type Objects = ReadonlyMap<ObjectId, Registers>;

const CASES = 60;
const IDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(parseObjectId);
const ABSENT = 'ghost';
const PARENT = parsePath('node.parent');
const ORDER = parsePath('node.order');
const DELETED = parsePath('node.deleted');
const NAME = parsePath('node.name');
const ORDERS: readonly Value[] = ['a0', 'a1', 'Zz', '～', '😀', null, 5];

export function generatedReductions(): VectorFile {
  return {
    kind: 'reductions',
    description:
      'Random trees with cycles, deletions, unknown parents and equal order keys, and chains as deep as may be and one deeper. Generated.',
    cases: [
      { name: `${MAX_DEPTH} levels`, why: 'the deepest that is shown', ...answer(chain(MAX_DEPTH)) },
      { name: `${MAX_DEPTH + 1} levels`, why: 'the last is one too deep', ...answer(chain(MAX_DEPTH + 1)) },
      {
        name: `${MAX_DEPTH + 3} levels, the last deleted`,
        why: 'two are too deep, and the one that was deleted is no problem',
        ...answer(new Map([...chain(MAX_DEPTH + 2), deletedBelow(MAX_DEPTH + 2)])),
      },
      {
        name: `a cycle of ${MAX_DEPTH + 1}`,
        why: 'the latest edge is cut, and what is too far below it is hidden',
        ...answer(new Map([...chain(MAX_DEPTH + 1), closing(MAX_DEPTH + 1)])),
      },
      ...times(CASES, (at) => {
        const random = new SeededRandom(`${SEED}/reduction/${at}`);
        return { name: `seed ${random.seed}`, why: 'core reduces it so', ...answer(forest(random)) };
      }),
    ],
  };
}

function answer(objects: Objects) {
  const scene = reduceAll(objects);
  return {
    registers: objectsJson(objects),
    children: plain(Object.fromEntries(scene.children)),
    hidden: hiddenOf(objects, scene),
    problems: scene.problems.flatMap((problem) => (problem.reason === 'schema' ? [] : [plain(problem)])),
  };
}

/** Why each hidden object is hidden: the nearest problem above it says so, unless something there is deleted. */
function hiddenOf(objects: Objects, scene: ReducedScene): JsonRecord {
  const hidden: [ObjectId, string][] = [];
  for (const [id, registers] of objects) {
    const isPresent = [...registers.values()].some(({ value }) => value !== null);
    if (isPresent && !scene.objects.has(id)) hidden.push([id, reasonOf(id, objects, scene)]);
  }
  return Object.fromEntries(hidden);
}

function reasonOf(start: ObjectId, objects: Objects, scene: ReducedScene): string {
  const seen = new Set<ObjectId>();
  let reason = 'deleted';
  for (
    let id: ObjectId | undefined = start;
    id !== undefined && !seen.has(id);
    id = above(id, objects, scene)
  ) {
    seen.add(id);
    if (objects.get(id)?.get(DELETED)?.value === true) return 'deleted';
    for (const problem of scene.problems)
      if (problem.object === id && (problem.reason === 'pending' || problem.reason === 'too-deep'))
        reason = problem.reason;
  }
  return reason;
}

function above(id: ObjectId, objects: Objects, scene: ReducedScene): ObjectId | undefined {
  const isCut = scene.problems.some(({ reason, object }) => reason === 'cycle' && object === id);
  const parent = objects.get(id)?.get(PARENT)?.value;
  return isCut ? undefined : [...objects.keys()].find((other) => other === parent);
}

/** A few objects that hang from each other, from the root, or from nothing. */
export function forest(random: SeededRandom): Objects {
  return new Map(IDS.filter(() => random.chance(0.9)).map((id) => [id, registersOf(random)]));
}

function registersOf(random: SeededRandom): Registers {
  const registers = new Map<Path, Register>();
  const write = (path: Path, value: Value) => registers.set(path, { ...randomRegister(random), value });
  if (random.chance(0.85)) write(PARENT, random.pick<Value>([...IDS, 'root', ABSENT, null, 'no/id']));
  if (random.chance(0.6)) write(ORDER, random.pick(ORDERS));
  if (random.chance(0.15)) write(DELETED, random.pick<Value>([true, true, false, 'yes']));
  if (registers.size === 0 || random.chance(0.3)) write(NAME, random.pick<Value>(['x', null]));
  return registers;
}

/** One below the other from the root down. */
function chain(length: number): Objects {
  return new Map(times(length, (at) => hangingBelow(at + 1, at === 0 ? 'root' : `n${at}`)));
}

function hangingBelow(at: number, parent: string): [ObjectId, Registers] {
  const [id, register] = [parseObjectId(`n${at}`), linkTo(parent)];
  return [id, new Map([[PARENT, register]])];
}

function deletedBelow(at: number): [ObjectId, Registers] {
  const [id, registers] = hangingBelow(at + 1, `n${at}`);
  return [id, new Map([...registers, [DELETED, { ...linkTo(''), value: true }]])];
}

/** Hangs the first from the last. */
function closing(last: number): [ObjectId, Registers] {
  return hangingBelow(1, `n${last}`);
}

function linkTo(parent: string): Register {
  return { ...randomRegister(new SeededRandom(`${SEED}/link/${parent}`)), value: parent };
}
