import type { ActorId, ObjectRegisters, Patch, RegisterEntry } from '@weft/core';
import { encodeWirePatch, ProtocolError, type WirePatch } from '@weft/protocol';

/** A part of a patch that one frame carries. */
export interface PatchPart {
  readonly patch: Patch;
  readonly wire: WirePatch;
}

/** A patch in as few parts as frames can carry, cut between objects. None where it holds no register. */
export function patchParts(patch: Patch): PatchPart[] {
  if (patch.objects.size === 0) return [];
  try {
    return [{ patch, wire: encodeWirePatch(patch) }];
  } catch (error) {
    const isTooLarge = error instanceof ProtocolError && error.code !== 'malformed';
    if (!isTooLarge || patch.objects.size === 1) throw error;
  }
  const entries = [...patch.objects];
  const half = Math.ceil(entries.length / 2);
  return [entries.slice(0, half), entries.slice(half)].flatMap((part) =>
    patchParts(withClaims(new Map(part), patch.actors)),
  );
}

/** Claims go with the registers of their actors. */
function withClaims(objects: Patch['objects'], actors: Patch['actors']): Patch {
  const named = new Set<ActorId>();
  for (const { registers } of objects.values())
    for (const { stamp } of registers.values()) named.add(stamp.actor);
  return { objects, actors: new Map([...actors].filter(([actor]) => named.has(actor))) };
}

/** One by one what is by object and path. */
export function entriesOfRegisters(registers: ObjectRegisters): RegisterEntry[] {
  return [...registers].flatMap(([id, paths]) =>
    Array.from(paths, ([path, register]) => ({ id, path, register })),
  );
}
