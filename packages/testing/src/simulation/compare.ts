import {
  canonicalJson,
  compareRegisters,
  entriesOf,
  type ObjectId,
  type ObjectPatch,
  type Patch,
  type Register,
} from '@weft/core';
import type { Written } from './ledger.ts';

const NOTHING: ObjectPatch = { registers: new Map(), purge: null };

/** Of which objects two patches do not say the same. */
export function differences(a: Patch, b: Patch): ObjectId[] {
  const ids = new Set([...a.objects.keys(), ...b.objects.keys()]);
  return [...ids].filter((id) => !isSame(a.objects.get(id) ?? NOTHING, b.objects.get(id) ?? NOTHING)).sort();
}

/** What `b` says and `a` does not hold, nor anything newer in its place. */
export function lacking(a: Patch, b: Patch): Written[] {
  return [...entriesOf(b)].filter((written) => !dominates(a, written));
}

/** Of which objects `b` holds what `a` knows to be purged. */
export function purgedIn(a: Patch, b: Patch): ObjectId[] {
  const ids = new Set<ObjectId>();
  for (const { id, register } of entriesOf(b)) {
    const purge = a.objects.get(id)?.purge ?? null;
    if (purge !== null && register.stamp.time <= purge) ids.add(id);
  }
  return [...ids].sort();
}

/** Whether a patch holds a register, something newer in its place, or a purge of it. */
export function dominates(patch: Patch, { id, path, register }: Written): boolean {
  const { registers, purge } = patch.objects.get(id) ?? NOTHING;
  if (purge !== null && register.stamp.time <= purge) return true;
  const held = registers.get(path);
  return held !== undefined && compareRegisters(held, register) >= 0;
}

/** What an object holds, for a person to read. */
export function describe(patch: Patch, id: ObjectId): string {
  const { registers, purge } = patch.objects.get(id) ?? NOTHING;
  const texts = [...registers].map(([path, register]) => `${path}=${textOf(register)}`).sort();
  return `${id} {${purge === null ? '' : `purge ${purge}; `}${texts.join('; ')}}`;
}

function isSame(a: ObjectPatch, b: ObjectPatch): boolean {
  if (a.purge !== b.purge || a.registers.size !== b.registers.size) return false;
  for (const [path, register] of a.registers) {
    const other = b.registers.get(path);
    if (other === undefined || compareRegisters(register, other) !== 0) return false;
  }
  return true;
}

function textOf({ value, stamp }: Register): string {
  return `${canonicalJson(value)}@${stamp.time}.${stamp.actor}`;
}
