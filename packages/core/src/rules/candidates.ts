import type { Path } from '../ids.ts';
import { RowRegisters } from '../register/row-registers.ts';
import { KIND_PATH, type Registers } from '../scene/facts.ts';
import { writtenAt } from './facts.ts';
import type { Judge } from './judge.ts';

/** A rule and its place among all of its sort. */
export interface Candidate {
  readonly place: number;
  readonly judge: Judge;
}

type ByKind = ReadonlyMap<string | null, readonly Candidate[]>;

/**
 * Which of many rules may have something to say of an object, in their order, without asking each: most rules speak of
 * one kind, or of what has some component. What is found is still to be judged.
 */
export class Candidates {
  readonly #all: readonly Candidate[];
  readonly #byKind: ByKind;
  /** The same for objects that have registers just there: those of a file are alike by the thousand. */
  readonly #byPaths = new WeakMap<ReadonlySet<Path>, ByKind>();

  constructor(judges: readonly Judge[]) {
    this.#all = judges.map((judge, place) => ({ place, judge }));
    this.#byKind = partedByKind(this.#all);
  }

  of(registers: Registers): readonly Candidate[] {
    const byKind = registers instanceof RowRegisters ? this.#forPaths(registers.paths) : this.#byKind;
    const kind = byKind.size > 1 ? writtenAt(registers, KIND_PATH) : null;
    return (typeof kind === 'string' ? byKind.get(kind) : undefined) ?? byKind.get(null) ?? [];
  }

  #forPaths(paths: ReadonlySet<Path>): ByKind {
    const known = this.#byPaths.get(paths);
    if (known !== undefined) return known;
    const held = [...paths];
    const found = this.#all.filter(({ judge }) =>
      judge.components.every((prefix) => held.some((path) => path.startsWith(prefix))),
    );
    const byKind = partedByKind(found);
    this.#byPaths.set(paths, byKind);
    return byKind;
  }
}

/** Under each kind that a rule names, all that speak of it; under `null` those that speak of any. */
function partedByKind(candidates: readonly Candidate[]): ByKind {
  const kinds = new Set(candidates.map(({ judge }) => judge.kind));
  return new Map(
    [...kinds.add(null)].map((kind) => [
      kind,
      candidates.filter(({ judge }) => judge.kind === null || judge.kind === kind),
    ]),
  );
}
