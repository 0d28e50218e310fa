import { checkPath } from '../components/validate.ts';
import type { ObjectId } from '../ids.ts';
import { isPresent, type ReadRegisters } from './facts.ts';
import type { SceneProblem } from './problem.ts';

type SchemaProblem = Extract<SceneProblem, { readonly reason: 'schema' }>;

/** The values that do not fit their schema. Objects are checked when somebody asks, so that opening a world does not wait. */
export class SchemaProblems {
  readonly #read: ReadRegisters;
  readonly #unchecked = new Set<ObjectId>();
  readonly #found = new Map<ObjectId, readonly SchemaProblem[]>();

  constructor(read: ReadRegisters) {
    this.#read = read;
  }

  touch(id: ObjectId): void {
    this.#unchecked.add(id);
  }

  *list(): Generator<SchemaProblem> {
    for (const id of this.#unchecked) {
      const problems = schemaProblemsOf(id, this.#read);
      if (problems.length > 0) this.#found.set(id, problems);
      else this.#found.delete(id);
    }
    this.#unchecked.clear();
    for (const problems of this.#found.values()) yield* problems;
  }
}

export function schemaProblemsOf(id: ObjectId, read: ReadRegisters): readonly SchemaProblem[] {
  const registers = read(id);
  const problems: SchemaProblem[] = [];
  if (!isPresent(id, registers)) return problems;
  for (const [path, { value }] of registers) {
    const expected = checkPath(path, value);
    if (expected !== null) problems.push(Object.freeze({ reason: 'schema', object: id, path, expected }));
  }
  return problems;
}
