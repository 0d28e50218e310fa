import type { ObjectId, Path } from '../ids.ts';
import { entriesOf, type Patch } from '../register/patch.ts';
import { compareRegisters, type Register } from '../register/register.ts';
import { DELETED_PATH, type ReadRegisters } from '../scene/facts.ts';

/** Registers that an edit overwrote, by object and path. */
export type Overwritten = ReadonlyMap<ObjectId, ReadonlyMap<Path, Register>>;

/**
 * What one property was at a moment of this user's history; shared by the step that led to it and the step that left
 * it. Writing it again under a new stamp replaces the register here, so that both steps still recognise it.
 */
export interface State {
  /** `null` where nothing was written. */
  register: Register | null;
}

export interface Change {
  readonly before: State;
  readonly after: State;
  /** The object itself came into being: undone by deleting it, not by emptying it. */
  readonly creation: boolean;
}

export interface Step {
  readonly name: string;
  readonly coalesce: string | null;
  readonly changes: Map<ObjectId, Map<Path, Change>>;
}

/** Whether the property still is as this state left it. */
export function isState(state: State, winner: Register | undefined): boolean {
  if (state.register === null || winner === undefined) return state.register === null && winner === undefined;
  return compareRegisters(state.register, winner) === 0;
}

/** What an edit did; `earlier` finds the state that an earlier step left. */
export function stepOf(
  name: string,
  coalesce: string | null,
  edit: { readonly patch: Patch; readonly before: Overwritten },
  read: ReadRegisters,
  earlier: (id: ObjectId, path: Path) => State | undefined,
): Step {
  const changes = new Map<ObjectId, Map<Path, Change>>();
  const note = (id: ObjectId, path: Path, change: Change) => {
    const paths = changes.get(id) ?? new Map<Path, Change>();
    changes.set(id, paths.set(path, change));
  };
  const created = new Set([...edit.patch.objects.keys()].filter((id) => isCreated(id, edit, read)));
  for (const id of created)
    note(id, DELETED_PATH, { before: { register: null }, after: { register: null }, creation: true });
  for (const { id, path, register } of entriesOf(edit.patch)) {
    if (created.has(id)) continue;
    const overwritten = edit.before.get(id)?.get(path);
    const known = earlier(id, path);
    const before =
      known !== undefined && isState(known, overwritten) ? known : { register: overwritten ?? null };
    note(id, path, { before, after: { register }, creation: false });
  }
  return { name, coalesce, changes };
}

/** Two steps as one: from before the first to after the second. */
export function merge(first: Step, second: Step): Step {
  const changes = new Map([...first.changes].map(([id, paths]) => [id, new Map(paths)]));
  for (const [id, paths] of second.changes) {
    const merged = changes.get(id) ?? new Map<Path, Change>();
    for (const [path, change] of paths) {
      const known = merged.get(path);
      // Where somebody else wrote in between, undo goes back to what they wrote and no further.
      const joined = known !== undefined && known.after === change.before;
      merged.set(path, joined ? { ...known, after: change.after } : change);
    }
    changes.set(id, merged);
  }
  return { ...first, changes };
}

/** Whether the object held nothing before; asked after the patch was written, or before. */
function isCreated(
  id: ObjectId,
  edit: { readonly patch: Patch; readonly before: Overwritten },
  read: ReadRegisters,
): boolean {
  for (const { value } of edit.before.get(id)?.values() ?? []) if (value !== null) return false;
  const written = edit.patch.objects.get(id)?.registers;
  for (const [path, { value }] of read(id) ?? [])
    if (value !== null && written?.has(path) !== true) return false;
  return true;
}
