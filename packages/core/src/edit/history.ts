import type { ObjectId, Path } from '../ids.ts';
import { type Patch, patchOf } from '../register/patch.ts';
import type { Register } from '../register/register.ts';
import { DELETED_PATH } from '../scene/facts.ts';
import type { Value } from '../value/value.ts';
import type { EditAccess } from './access.ts';
import { checkTurn } from './check-turn.ts';
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

/** Back, or forth again. */
export type Turn = 'undo' | 'redo';

/** What turning a step would write: a former value, and the state that it restores. */
interface Restatement {
  readonly id: ObjectId;
  readonly path: Path;
  readonly state: State;
  readonly value: Value;
}

/**
 * Undo and redo of one user. A step is taken back by writing the former values under a new stamp, and only where the
 * step's own register is still the winner: what others wrote since stays as it is. An object that the step added is
 * deleted, unless somebody else has a register on it or below it. What is left of a step has to pass what any edit has
 * to: all of it is taken back, or it is refused and waits to be tried again.
 */
export class History {
  readonly #source: EditSource;
  readonly #done: Step[] = [];
  readonly #undone: Step[] = [];
  #refused: Step | null = null;

  constructor(source: EditSource) {
    this.#source = source;
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
   *
   * @throws WeftError and does nothing, so that the step can be tried again: `read-only`, `forbidden`, `rule`, `schema`
   *   and `limit` as for any edit, `cycle` and `unknown-object` for a place in the tree that is gone
   */
  undo(access: EditAccess): Patch | null {
    return this.#turn('undo', access);
  }

  /** The patch that does again the step undone last; `null` where there is none. @throws WeftError as `undo` does */
  redo(access: EditAccess): Patch | null {
    return this.#turn('redo', access);
  }

  /**
   * Forgets the step that was refused last, so that those before it can be turned. What it did stays, as if somebody
   * else had done it. `false` where none was refused, or where it was turned since.
   */
  skipRefused(): boolean {
    for (const steps of [this.#done, this.#undone]) {
      const at = this.#refused === null ? -1 : steps.indexOf(this.#refused);
      if (at >= 0) return steps.splice(at, 1).length > 0;
    }
    return false;
  }

  /** Drops an object from every step: it was purged, and must not come back. */
  forget(id: ObjectId): void {
    for (const steps of [this.#done, this.#undone]) {
      for (const step of steps) step.changes.delete(id);
      steps.splice(0, steps.length, ...steps.filter(({ changes }) => changes.size > 0));
    }
  }

  #turn(turn: Turn, access: EditAccess): Patch | null {
    const [from, to] = turn === 'undo' ? [this.#done, this.#undone] : [this.#undone, this.#done];
    const at = from.findLastIndex((step) => this.#restate(turn, step).next().done !== true);
    const step = from[at];
    if (step === undefined) {
      from.length = 0;
      return null;
    }
    const restated = [...this.#restate(turn, step)];
    const { clock } = this.#source;
    const stamp = clock.issue();
    const registers = restated.map(({ id, path, value }) => ({ id, path, register: { value, stamp } }));
    const patch = patchOf({ registers, actors: [[clock.actor, [access.userId]]] });
    this.#refused = step;
    checkTurn(this.#source, access, patch, `${turn} ${step.name}`);
    this.#refused = null;
    for (const { state, value } of restated) state.register = { value, stamp };
    from.length = at;
    to.push(step);
    return patch;
  }

  /** What is left of a step: what nobody else has changed since. */
  *#restate(turn: Turn, { changes }: Step): Generator<Restatement> {
    for (const [id, paths] of changes)
      for (const [path, change] of paths) {
        const restated = turn === 'undo' ? this.#back(id, path, change) : this.#forth(id, path, change);
        if (restated !== null) yield { id, path, ...restated };
      }
  }

  #back(
    id: ObjectId,
    path: Path,
    { before, after, creation }: Change,
  ): Pick<Restatement, 'state' | 'value'> | null {
    const holds = creation ? this.#isAllMine(id) : isState(after, this.#winner(id, path));
    return holds ? { state: before, value: creation ? true : (before.register?.value ?? null) } : null;
  }

  #forth(id: ObjectId, path: Path, { before, after }: Change): Pick<Restatement, 'state' | 'value'> | null {
    const wasUndone = before.register !== null && isState(before, this.#winner(id, path));
    return wasUndone ? { state: after, value: after.register?.value ?? null } : null;
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
