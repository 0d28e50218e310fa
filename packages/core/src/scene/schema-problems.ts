import type { CustomComponent } from '../components/custom-component.ts';
import { checkPath } from '../components/validate.ts';
import type { ObjectId } from '../ids.ts';
import { declaredMisfits } from '../rules/declared-misfits.ts';
import { isPresent, peekAt, type ReadRegisters } from './facts.ts';
import type { SceneProblem } from './problem.ts';

type Declared = ReadonlyMap<string, CustomComponent>;

const NOTHING_DECLARED: Declared = new Map();

type SchemaProblem = Extract<SceneProblem, { readonly reason: 'schema' }>;

/** The values that do not fit their schema. Objects are checked when somebody asks, so that opening a world does not wait. */
export class SchemaProblems {
  readonly #read: ReadRegisters;
  /** `null` for all: until somebody asks first, nothing has to be kept of a world. */
  #unchecked: Set<ObjectId> | null = null;
  readonly #found = new Map<ObjectId, readonly SchemaProblem[]>();
  #declared: Declared = new Map();

  constructor(read: ReadRegisters) {
    this.#read = read;
  }

  touch(ids: Iterable<ObjectId>): void {
    if (this.#unchecked !== null) for (const id of ids) this.#unchecked.add(id);
  }

  /** The world declares other components. */
  declare(declared: Declared): void {
    this.#declared = declared;
    this.#unchecked = null;
  }

  /** @param objects all that are there; those that are not may be among them */
  *list(objects: Iterable<{ readonly id: ObjectId }>): Generator<SchemaProblem> {
    if (this.#unchecked === null) {
      this.#found.clear();
      for (const { id } of objects) this.#check(id);
    } else for (const id of this.#unchecked) this.#check(id);
    this.#unchecked = new Set();
    for (const problems of this.#found.values()) yield* problems;
  }

  #check(id: ObjectId): void {
    const problems = schemaProblemsOf(id, this.#read, this.#declared);
    if (problems.length > 0) this.#found.set(id, problems);
    else this.#found.delete(id);
  }
}

export function schemaProblemsOf(
  id: ObjectId,
  read: ReadRegisters,
  declared: Declared = NOTHING_DECLARED,
): readonly SchemaProblem[] {
  const registers = read(id);
  const problems: SchemaProblem[] = [];
  if (!isPresent(id, registers)) return problems;
  for (const path of registers.keys()) {
    const expected = checkPath(path, peekAt(registers, path) ?? null);
    if (expected !== null) problems.push(Object.freeze({ reason: 'schema', object: id, path, expected }));
  }
  if (declared.size === 0) return problems;
  for (const { path, misfit } of declaredMisfits(declared, registers).misfits) {
    const expected = misfit.at === '' ? misfit.expected : `${misfit.at} to be ${misfit.expected}`;
    problems.push(Object.freeze({ reason: 'schema', object: id, path, expected }));
  }
  return problems;
}
