import { WeftError } from '../errors.ts';
import { type ObjectId, type Path, type RandomBytes, ROOT } from '../ids.ts';
import type { ActorClaims } from '../register/actors.ts';
import { emptyPatch, type ObjectPatch, type Patch } from '../register/patch.ts';
import type { Register } from '../register/register.ts';
import { isPresent, type Registers } from '../scene/facts.ts';
import { compareStamps, msOf, type Stamp, type Time } from '../stamp/stamp.ts';
import { isSameValue } from '../value/canonical.ts';
import type { Value } from '../value/value.ts';
import { type Change, canEdit, type EditAccess, type Refusal, ROLE_LEVELS } from './access.ts';
import { checkSize } from './check-size.ts';
import { EditDraft } from './draft.ts';
import { DraftScene } from './draft-scene.ts';
import * as refuse from './refuse.ts';
import type { EditSource } from './source.ts';

/** Objects that one edit may change; larger imports are several edits, or a layer. */
export const MAX_EDIT_OBJECTS = 5000;

/** An edit that is ready to be written. */
export interface ComposedEdit<T> {
  /** All of it under one stamp; empty where the edit changed nothing. */
  readonly patch: Patch;
  /** What the function returned. */
  readonly value: T;
  /** The registers that the patch overwrites, by object and path: what `History.record` needs. */
  readonly before: ReadonlyMap<ObjectId, ReadonlyMap<Path, Register>>;
}

/** A result of an edit: anything but a promise, since an edit is one synchronous step. */
export type Synchronous<T> =
  T extends PromiseLike<unknown> ? 'An edit cannot be async: fetch and await first, then edit' : T;

/**
 * Runs an edit and gives the patch that does it; writes nothing. What is set to the value it has already is left out.
 * Costs what is changed, and the siblings of what is moved.
 *
 * @param random for the ids of new objects
 * @throws WeftError and does nothing: `read-only` and `forbidden` where `canEdit` refuses, `limit` past 5000 objects
 *   or past 8 KiB for one of them, `rule` and `schema` for what the world's rules and components refuse, and all that
 *   `EditDraft` throws
 */
export function composeEdit<T>(
  source: EditSource,
  access: EditAccess,
  random: RandomBytes,
  edit: (draft: EditDraft) => Synchronous<T>,
): ComposedEdit<Synchronous<T>> {
  const scene = new DraftScene(source);
  let value: Synchronous<T>;
  try {
    value = edit(new EditDraft(scene, random));
  } finally {
    scene.isOpen = false;
  }
  if (isPromise(value)) throw refuse.asynchronous();
  const { patch, before } = changesOf(scene.writes, source, access);
  if (patch.objects.size > 0) source.check(patch, access);
  return { patch, value, before };
}

const NOTHING: Registers = new Map();

/** Of some writes those that change something, under one stamp, with what they overwrite. @throws as `composeEdit` */
export function changesOf(
  writes: ReadonlyMap<ObjectId, ReadonlyMap<Path, Value>>,
  source: EditSource,
  access: EditAccess,
): {
  readonly patch: Patch;
  readonly before: ReadonlyMap<ObjectId, ReadonlyMap<Path, Register>>;
} {
  const objects = new Map<ObjectId, ObjectPatch>();
  const before = new Map<ObjectId, ReadonlyMap<Path, Register>>();
  const actors: ActorClaims = new Map([[source.clock.actor, new Set([access.userId])]]);
  let stamp: Stamp | null = null;
  for (const [id, written] of writes) {
    const held = source.registers(id) ?? NOTHING;
    const changed: Change[] = [];
    const overwritten = new Map<Path, Register>();
    written.forEach((value, path) => {
      const register = held.get(path);
      if (isSame(register, value)) return;
      changed.push([path, value]);
      if (register !== undefined) overwritten.set(path, register);
    });
    if (changed.length === 0 || id === ROOT) continue;
    if (before.size === MAX_EDIT_OBJECTS) throw tooManyObjects(writes.size);
    checkAccess(access, id, held, changed);
    stamp ??= source.clock.issue();
    const registers = new Map<Path, Register>();
    for (const [path, value] of changed) {
      const register = overwritten.get(path);
      if (register !== undefined) checkWins(stamp, id, path, register);
      registers.set(path, { value: value ?? null, stamp });
    }
    before.set(id, overwritten);
    checkSize(source, id, { held, written: registers, claims: actors });
    checkPurge(stamp, id, source.purgeOf(id));
    objects.set(id, { registers, purge: null });
  }
  return { patch: objects.size === 0 ? emptyPatch : { objects, actors }, before };
}

function isSame(held: Register | undefined, value: Value): boolean {
  return held === undefined ? value === null : isSameValue(held.value, value);
}

/** What `canEdit` says of registers as they are before. */
export function accessRefusal(
  access: EditAccess,
  id: ObjectId,
  registers: Registers,
  changes: readonly Change[],
): Refusal | null {
  const object = { get: (path: Path) => registers.get(path)?.value ?? undefined };
  // Builders may do to an object that is not there what they may do to one without owner and lock.
  const isThere = access.level >= ROLE_LEVELS.builder || isPresent(id, registers);
  return canEdit(access, id, isThere ? object : null, changes);
}

/** @throws WeftError `read-only`, `forbidden` where `canEdit` refuses */
export function checkAccess(
  access: EditAccess,
  id: ObjectId,
  registers: Registers,
  changes: readonly Change[],
): void {
  const refusal = accessRefusal(access, id, registers, changes);
  if (refusal === null) return;
  const { code, ...details } = refusal;
  throw new WeftError(code, { what: `change ${id}`, path: id, ...details });
}

/**
 * A register from a clock that is ahead would win against this edit, and the edit silently do nothing.
 *
 * @throws WeftError `limit`
 */
export function checkWins(stamp: Stamp, id: ObjectId, path: Path, held: Register): void {
  if (compareStamps(stamp, held.stamp) > 0) return;
  const aheadMs = Math.ceil(msOf(held.stamp.time) - msOf(stamp.time));
  throw new WeftError('limit', {
    what: `set ${path} of ${id}`,
    expected: 'a value that was written before now',
    got: `one stamped ${aheadMs} ms ahead of this clock`,
    hint: `Its author's clock is fast. Try again in ${Math.ceil(aheadMs / 1000) + 1} s.`,
    path,
  });
}

/**
 * A purge by a clock that is ahead would take this edit as soon as it is made.
 *
 * @throws WeftError `limit`
 */
export function checkPurge({ time }: Stamp, id: ObjectId, purge: Time | null): void {
  if (purge === null || time > purge) return;
  const aheadMs = Math.ceil(msOf(purge) - msOf(time));
  throw new WeftError('limit', {
    what: `change ${id}`,
    expected: 'an object that was purged before now, or never',
    got: `one purged up to ${aheadMs} ms ahead of this clock`,
    hint: `Whoever purged it has a fast clock. Try again in ${Math.ceil(aheadMs / 1000) + 1} s.`,
    path: id,
  });
}

export function tooManyObjects(count: number): WeftError {
  return new WeftError('limit', {
    what: 'make an edit',
    expected: `at most ${MAX_EDIT_OBJECTS} objects`,
    got: `${count}`,
    hint: 'Split it in several edits.',
  });
}

function isPromise(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
