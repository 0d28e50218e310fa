import type { ObjectId, Path } from '../ids.ts';
import { type Patch, patchOf, type RegisterEntry } from '../register/patch.ts';
import type { Register } from '../register/register.ts';
import { DELETED_PATH } from '../scene/facts.ts';
import type { Stamp } from '../stamp/stamp.ts';
import type { Value } from '../value/value.ts';
import {
  type Change,
  isState,
  merge,
  type Overwritten,
  type State,
  type Step,
  stepOf,
} from './history-step.ts';
import type { EditSource } from './source.ts';

/** Steps that can be undone; older ones are forgotten. */
export const MAX_UNDO_STEPS = 200;

/** Says whether this user may write these properties now. */
export type Permits = (id: ObjectId, paths: readonly Path[]) => boolean;

/**
 * Undo and redo of one user. A step is taken back by writing the former values under a new stamp, and only where the
 * step's own register is still the winner: what others wrote since stays as it is. An object that the step added is
 * deleted, unless somebody else has a register on it or below it.
 */
export class History {
  readonly #source: EditSource;
  readonly #permits: Permits;
  readonly #done: Step[] = [];
  readonly #undone: Step[] = [];

  /** @param permits asked when undoing, since rights may have changed; what is not permitted is left as it is */
  constructor(source: EditSource, permits: Permits = () => true) {
    this.#source = source;
    this.#permits = permits;
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** The name of the step that `undo` takes back; `null` where there is none. */
  get undoName(): string | null {
    return this.#done.at(-1)?.name ?? null;
  }

  /** The name of the step that `redo` does again; `null` where there is none. */
  get redoName(): string | null {
    return this.#undone.at(-1)?.name ?? null;
  }

  /**
   * Notes an edit as one step, and gives up what could be redone.
   *
   * @param coalesce consecutive edits under the same key are one step: all moves of one drag
   */
  record(name: string, patch: Patch, before: Overwritten, coalesce?: string): void {
    if (patch.objects.size === 0) return;
    this.#undone.length = 0;
    const step = stepOf(
      name,
      coalesce ?? null,
      { patch, before },
      (id) => this.#source.registers(id),
      (id, path) => this.#lastState(id, path),
    );
    const last = this.#done.at(-1);
    const continues = coalesce !== undefined && last?.coalesce === coalesce;
    if (continues) this.#done.pop();
    this.#done.push(continues ? merge(last, step) : step);
    if (this.#done.length > MAX_UNDO_STEPS) this.#done.shift();
  }

  /**
   * The patch that takes back the latest step of which anything is left; `null` where there is none. Write it with
   * origin `undo`.
   */
  undo(): Patch | null {
    return this.#turn(this.#done, this.#undone, (id, path, change, stamp) => {
      const holds = change.creation ? this.#isAllMine(id) : isState(change.after, this.#winner(id, path));
      if (!holds) return null;
      const value = change.creation ? true : (change.before.register?.value ?? null);
      return restate(change.before, value, stamp);
    });
  }

  /** The patch that does again the step undone last; `null` where there is none. Write it with origin `undo`. */
  redo(): Patch | null {
    return this.#turn(this.#undone, this.#done, (id, path, change, stamp) => {
      const wasUndone = change.before.register !== null && isState(change.before, this.#winner(id, path));
      return wasUndone ? restate(change.after, change.after.register?.value ?? null, stamp) : null;
    });
  }

  /** Drops an object from every step: it was purged, and must not come back. */
  forget(id: ObjectId): void {
    for (const steps of [this.#done, this.#undone]) {
      for (const step of steps) step.changes.delete(id);
      steps.splice(0, steps.length, ...steps.filter(({ changes }) => changes.size > 0));
    }
  }

  #turn(
    from: Step[],
    to: Step[],
    turn: (id: ObjectId, path: Path, change: Change, stamp: () => Stamp) => Register | null,
  ): Patch | null {
    for (let step = from.pop(); step !== undefined; step = from.pop()) {
      let issued: Stamp | null = null;
      const stamp = () => {
        issued ??= this.#source.clock.issue();
        return issued;
      };
      const registers: RegisterEntry[] = [];
      for (const [id, changes] of step.changes) {
        if (!this.#permits(id, [...changes.keys()])) continue;
        for (const [path, change] of changes) {
          const register = turn(id, path, change, stamp);
          if (register !== null) registers.push({ id, path, register });
        }
      }
      if (registers.length === 0) continue;
      to.push(step);
      return patchOf({ registers });
    }
    return null;
  }

  #winner(id: ObjectId, path: Path): Register | undefined {
    return this.#source.registers(id)?.get(path);
  }

  #lastState(id: ObjectId, path: Path): State | undefined {
    return this.#done
      .findLast(({ changes }) => changes.get(id)?.has(path))
      ?.changes.get(id)
      ?.get(path)?.after;
  }

  /** Whether deleting the object would hide nothing that somebody else wrote. Subtrees are at most `MAX_DEPTH` deep. */
  #isAllMine(id: ObjectId): boolean {
    const { actor } = this.#source.clock;
    if (this.#winner(id, DELETED_PATH)?.value === true) return false;
    for (const { stamp } of this.#source.registers(id)?.values() ?? [])
      if (stamp.actor !== actor) return false;
    return this.#source.scene.children(id).every((child) => this.#isAllMine(child));
  }
}

function restate(state: State, value: Value, stamp: () => Stamp): Register {
  state.register = { value, stamp: stamp() };
  return state.register;
}
