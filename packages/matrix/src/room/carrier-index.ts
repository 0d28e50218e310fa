import {
  newest,
  type ObjectId,
  type ObjectPatch,
  type Patch,
  type Path,
  type Register,
  type Time,
} from '@weft/core';
import type { StateEntry } from './state-entries.ts';

/** Which of the current carriers speak of an object. Kept up to date by what changes, so that asking is cheap. */
export class CarrierIndex {
  /** One entry as it is, several in a list: most objects have one carrier, and there are many objects. */
  readonly #entries = new Map<ObjectId, StateEntry | readonly StateEntry[]>();

  /** An entry took the place of another, or came, or went. */
  replace(before: StateEntry | undefined, after: StateEntry | undefined): void {
    if (before?.decoded?.patch === after?.decoded?.patch && before === after) return;
    if (before !== undefined) for (const id of idsOf(before)) this.#remove(id, before);
    if (after !== undefined) for (const id of idsOf(after)) this.#add(id, after);
  }

  /** Whether the carriers hold this register or something newer in its place, purges included. */
  dominates(
    id: ObjectId,
    path: Path,
    register: Register,
    horizon: Time,
    isWanted: (entry: StateEntry) => boolean = () => true,
  ): boolean {
    return this.of(id).some((entry) => {
      if (!isWanted(entry)) return false;
      const said = entry.decoded?.patch.objects.get(id);
      return said !== undefined && holds(said, path, register, horizon);
    });
  }

  /** The latest time until which a carrier says that the object was purged. */
  purgeOf(id: ObjectId, horizon: Time): Time | null {
    let latest: Time | null = null;
    for (const { decoded } of this.of(id)) {
      const purge = decoded?.patch.objects.get(id)?.purge ?? null;
      if (purge !== null && purge <= horizon && (latest === null || purge > latest)) latest = purge;
    }
    return latest;
  }

  of(id: ObjectId): readonly StateEntry[] {
    const found = this.#entries.get(id);
    if (found === undefined) return [];
    return isList(found) ? found : [found];
  }

  #add(id: ObjectId, entry: StateEntry): void {
    const others = this.of(id);
    this.#entries.set(id, others.length === 0 ? entry : [...others, entry]);
  }

  #remove(id: ObjectId, entry: StateEntry): void {
    const [first, ...others] = this.of(id).filter((other) => other !== entry);
    if (first === undefined) this.#entries.delete(id);
    else this.#entries.set(id, others.length === 0 ? first : [first, ...others]);
  }
}

/** The objects of which one patch says something else than the other. */
export function* differingObjects(before: Patch | undefined, after: Patch | undefined): Generator<ObjectId> {
  if (before === after) return;
  for (const [id, said] of after?.objects ?? []) {
    const known = before?.objects.get(id);
    if (known === undefined || !saySame(known, said)) yield id;
  }
  for (const id of before?.objects.keys() ?? []) if (after?.objects.has(id) !== true) yield id;
}

function saySame(a: ObjectPatch, b: ObjectPatch): boolean {
  if (a === b) return true;
  if (a.purge !== b.purge || a.registers.size !== b.registers.size) return false;
  for (const [path, register] of a.registers) {
    const other = b.registers.get(path);
    if (other === undefined || newest(register, other) !== register || newest(other, register) !== other)
      return false;
  }
  return true;
}

/** Whether a carrier says this of the object, or something newer in its place, or that it was purged since. */
export function holds(
  { registers, purge }: ObjectPatch,
  path: Path,
  register: Register,
  horizon: Time,
): boolean {
  if (purge !== null && purge <= horizon && register.stamp.time <= purge) return true;
  const held = registers.get(path);
  return held !== undefined && held.stamp.time <= horizon && newest(held, register) === held;
}

function idsOf({ decoded }: StateEntry): Iterable<ObjectId> {
  return decoded?.patch.objects.keys() ?? [];
}

function isList(found: StateEntry | readonly StateEntry[]): found is readonly StateEntry[] {
  return Array.isArray(found);
}
