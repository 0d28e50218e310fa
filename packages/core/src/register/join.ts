import type { Path } from '../ids.ts';
import { joinActorClaims } from './actors.ts';
import { isPurged, laterPurge, type ObjectPatch, type Patch } from './patch.ts';
import { newest, type Register } from './register.ts';

/**
 * The least patch that says all that both say: per register the newest, per object the latest purge. Commutative,
 * associative and idempotent, so order, duplication and source never matter. Returns the first patch itself where the
 * second adds nothing.
 */
export function join(a: Patch, b: Patch): Patch {
  const objects = new Map(a.objects);
  let changed = false;
  for (const [id, theirs] of b.objects) {
    const ours = objects.get(id);
    const joined = ours === undefined ? theirs : joinObjects(ours, theirs);
    if (joined === ours) continue;
    objects.set(id, joined);
    changed = true;
  }
  const actors = joinActorClaims(a.actors, b.actors);
  if (!changed && actors === a.actors) return a;
  return { objects: changed ? objects : a.objects, actors };
}

/** `join` for what two patches say of the same object. */
export function joinObjects(a: ObjectPatch, b: ObjectPatch): ObjectPatch {
  const purge = laterPurge(a.purge, b.purge);
  const registers = new Map<Path, Register>();
  let changed = purge !== a.purge;
  for (const [path, register] of a.registers) {
    if (isPurged(register, purge)) continue;
    const other = b.registers.get(path);
    const winner = other === undefined ? register : newest(register, other);
    registers.set(path, winner);
    changed = changed || winner !== register;
  }
  for (const [path, register] of b.registers) {
    if (a.registers.has(path) && registers.has(path)) continue;
    if (isPurged(register, purge)) continue;
    registers.set(path, register);
    changed = true;
  }
  return changed ? { registers, purge } : a;
}
