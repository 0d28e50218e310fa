import {
  canonicalJson,
  compareRegisters,
  compareValues,
  entriesOf,
  type ObjectId,
  type ObjectPatch,
  type Patch,
  type Register,
} from '@weft/core';
import type { Written } from './ledger.ts';

const MAX_NAMED = 3;
const MAX_SHOWN = 80;
const NOTHING: ObjectPatch = { registers: new Map(), purge: null };

/** What `b` says and `a` does not hold, nor anything newer in its place. */
export function lacking(a: Patch, b: Patch): Written[] {
  return [...entriesOf(b)].filter((written) => !dominates(a, written));
}

/** Of which objects `b` holds what `a` knows to be purged. */
export function purgedIn(a: Patch, b: Patch): ObjectId[] {
  return [...new Set([...entriesOf(b)].filter((written) => isPurged(a, written)).map(({ id }) => id))].sort();
}

/** Whether a patch holds the value of a register, under whatever stamp. */
export function says(patch: Patch, { id, path, register }: Written): boolean {
  const held = patch.objects.get(id)?.registers.get(path);
  return held !== undefined && compareValues(held.value, register.value) === 0;
}

export function isPurged(patch: Patch, { id, register }: Written): boolean {
  const purge = patch.objects.get(id)?.purge ?? null;
  return purge !== null && register.stamp.time <= purge;
}

/** Whether a patch holds a register, something newer in its place, or a purge of it. */
export function dominates(patch: Patch, written: Written): boolean {
  const { id, path, register } = written;
  if (isPurged(patch, written)) return true;
  const held = patch.objects.get(id)?.registers.get(path);
  return held !== undefined && compareRegisters(held, register) >= 0;
}

/** What an object holds, for a person to read. */
export function describe(patch: Patch, id: ObjectId): string {
  const { registers, purge } = patch.objects.get(id) ?? NOTHING;
  const texts = [...registers].map(([path, register]) => `${path}=${textOf(register)}`).sort();
  return `${id} {${purge === null ? '' : `purge ${purge}; `}${texts.join('; ')}}`;
}

/** The first few of these objects, as several patches have them. */
export function named(ids: readonly ObjectId[], patches: Readonly<Record<string, Patch>>): string {
  const texts = ids.slice(0, MAX_NAMED).map((id) =>
    Object.entries(patches)
      .map(([name, patch]) => `${name}: ${describe(patch, id)}`)
      .join(', '),
  );
  const more = ids.length > MAX_NAMED ? ` and ${ids.length - MAX_NAMED} more` : '';
  return `${texts.join(' | ')}${more}`;
}

function textOf({ value, stamp }: Register): string {
  return `${canonicalJson(value).slice(0, MAX_SHOWN)}@${stamp.time}.${stamp.actor}`;
}
