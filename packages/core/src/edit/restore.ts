import { isPersonalObjectId, type ObjectId, type Path, ROOT } from '../ids.ts';
import { isPurged, type Patch } from '../register/patch.ts';
import { DELETED_PATH, isDeleted, PARENT_PATH, type Registers, writtenParent } from '../scene/facts.ts';
import { MAX_DEPTH } from '../scene/tree.ts';
import type { Time } from '../stamp/stamp.ts';
import type { Value } from '../value/value.ts';
import type { EditAccess } from './access.ts';
import { type ComposedEdit, changesOf } from './compose.ts';
import * as refuse from './refuse.ts';
import type { EditSource } from './source.ts';

/** What is restored in: `Replica` is one. */
export interface RestoreTarget extends EditSource {
  purgeOf(id: ObjectId): Time | null;
}

export interface RestoreOptions {
  /** What was, by its registers. */
  readonly from: Patch;
  /** Whether what `from` does not name was not there. Where it is not certain, nothing is deleted or emptied. */
  readonly complete: boolean;
  /** The objects to restore; default all that were visible then or are visible now. */
  readonly objects?: readonly ObjectId[];
  /** The properties to restore; default all. */
  readonly paths?: readonly Path[];
}

/** What restoring did, by object. */
export interface Restored {
  /** Set back to what they were. */
  readonly ids: readonly ObjectId[];
  /** Left out, since what they were was purged: that never comes back. */
  readonly purged: readonly ObjectId[];
  /** Left out, since only their owner's own carrier may hold them. */
  readonly personal: readonly ObjectId[];
  /** Left out, since it is not known what they were. */
  readonly unknown: readonly ObjectId[];
  /** Restored, and hidden all the same: what they hang from is not there now. */
  readonly hidden: readonly ObjectId[];
}

type Writes = Map<ObjectId, ReadonlyMap<Path, Value>>;
type Standing = 'restored' | 'purged' | 'personal' | 'unknown';

/**
 * The edit that sets objects back to what they were, under a new stamp; writes nothing. What did not exist then is
 * deleted, so that undo brings it back.
 *
 * @throws WeftError `limit` past 5000 objects that change, `unknown-object` for one that neither side knows, `cycle` where
 *   some objects alone cannot go back to what they hung from, and what `composeEdit` throws for roles, sizes and rules
 */
export function composeRestore(
  target: RestoreTarget,
  access: EditAccess,
  options: RestoreOptions,
): ComposedEdit<Restored> {
  const lists: Record<Standing, ObjectId[]> = { restored: [], purged: [], personal: [], unknown: [] };
  const writes: Writes = new Map();
  for (const id of options.objects ?? allOf(target, options.from)) {
    const found = restoreOne(target, id, options);
    lists[found.standing].push(id);
    if (found.writes.size > 0) writes.set(id, found.writes);
  }
  const { patch, before } = changesOf(writes, target, access);
  const hidden = [...patch.objects.keys()].filter((id) => isHidden(target, patch, id));
  if (patch.objects.size > 0) target.check(patch, access);
  const { purged, personal, unknown } = lists;
  return { patch, before, value: { ids: [...patch.objects.keys()], purged, personal, unknown, hidden } };
}

function* allOf(target: RestoreTarget, from: Patch): Generator<ObjectId> {
  for (const [id, { registers }] of from.objects) if (target.scene.has(id) || !isDeleted(registers)) yield id;
  for (const id of target.scene.ids()) if (!from.objects.has(id)) yield id;
}

const NOTHING: Registers = new Map();

function restoreOne(
  target: RestoreTarget,
  id: ObjectId,
  { from, complete, paths }: RestoreOptions,
): { readonly standing: Standing; readonly writes: ReadonlyMap<Path, Value> } {
  const writes = new Map<Path, Value>();
  const now = target.registers(id) ?? NOTHING;
  const purge = target.purgeOf(id);
  const then = new Map(
    [...(from.objects.get(id)?.registers ?? [])].filter(([, register]) => !isPurged(register, purge)),
  );
  if (id === ROOT || (now.size === 0 && then.size === 0 && purge === null))
    throw refuse.unknown(`restore ${id}`, id, false);
  if (isPersonalObjectId(id)) return { standing: 'personal', writes };
  if (then.size === 0) {
    if (purge !== null) return { standing: 'purged', writes };
    if (!complete) return { standing: 'unknown', writes };
    if (!isDeleted(now)) writes.set(DELETED_PATH, true);
    return { standing: 'restored', writes };
  }
  for (const path of paths ?? new Set([...then.keys(), ...now.keys()])) {
    const was = then.get(path);
    if (was !== undefined || complete) writes.set(path, was?.value ?? null);
  }
  return { standing: 'restored', writes };
}

/** @throws WeftError `cycle`, `limit` where the written parents cannot stand */
function isHidden(target: RestoreTarget, patch: Patch, id: ObjectId): boolean {
  const written = patch.objects.get(id)?.registers;
  if (isDeleted(afterOf(target, patch, id))) return false;
  const moves = written?.has(PARENT_PATH) === true;
  let above = writtenParent(afterOf(target, patch, id));
  for (let steps = 0; above !== ROOT; steps += 1) {
    if (moves && above === id) throw refuse.cycle(`restore ${id}`, id, above);
    if (moves && steps >= MAX_DEPTH) throw refuse.tooDeep(`restore ${id}`, steps);
    const registers = afterOf(target, patch, above);
    if (registers.size === 0 || isDeleted(registers) || steps >= MAX_DEPTH) return true;
    above = writtenParent(registers);
  }
  return false;
}

function afterOf(target: RestoreTarget, patch: Patch, id: ObjectId): Registers {
  const now = target.registers(id);
  const written = patch.objects.get(id)?.registers;
  return written === undefined ? (now ?? NOTHING) : new Map([...(now ?? []), ...written]);
}
