import {
  compareStamps,
  entriesOf,
  isSameRegister,
  type ObjectRegisters,
  type Patch,
  patchOf,
  type RegisterEntry,
  type Stamp,
} from '@weft/core';

export function registersOf({ objects }: Patch): ObjectRegisters {
  return new Map(Array.from(objects, ([id, { registers }]) => [id, registers]));
}

/** The edits of which a patch is made, oldest first: what one edit wrote has one stamp. */
export function editsOf(patch: Patch): readonly Patch[] {
  const groups = new Map<string, { readonly stamp: Stamp; readonly entries: RegisterEntry[] }>();
  for (const entry of entriesOf(patch)) {
    const { stamp } = entry.register;
    const key = `${stamp.time} ${stamp.actor}`;
    const group = groups.get(key) ?? { stamp, entries: [] };
    groups.set(key, group);
    group.entries.push(entry);
  }
  return [...groups.values()]
    .sort((a, b) => compareStamps(a.stamp, b.stamp))
    .map(({ stamp, entries }) => patchOf({ registers: entries, actors: claimsOf(patch, stamp) }));
}

/** The part of a patch that is about these objects. */
export function within(patch: Patch, objects: { has(id: RegisterEntry['id']): boolean }): Patch {
  return { objects: new Map([...patch.objects].filter(([id]) => objects.has(id))), actors: patch.actors };
}

/** The part of a patch that says nothing of what these do. */
export function without(patch: Patch, others: readonly Patch[]): Patch {
  const isThere = ({ id, path, register }: RegisterEntry): boolean =>
    others.some(({ objects }) => isSameRegister(objects.get(id)?.registers.get(path), register));
  return patchOf({
    registers: [...entriesOf(patch)].filter((entry) => !isThere(entry)),
    actors: patch.actors,
  });
}

function claimsOf({ actors }: Patch, { actor }: Stamp) {
  const users = actors.get(actor);
  return users === undefined ? [] : [[actor, users] as const];
}
