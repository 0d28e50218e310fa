import { type ObjectId, type ObjectPatch, type Patch, patchOf } from '@weft/core';
import { encodeWirePatch, ProtocolError, type WirePatch } from '@weft/protocol';

/** A part of a patch that fits one frame. */
export interface PatchPart {
  readonly patch: Patch;
  readonly wire: WirePatch;
}

export interface SplitPatch {
  /** Every object is whole in one of them. */
  readonly parts: readonly PatchPart[];
  /** Objects that fit no frame by themselves. */
  readonly tooLarge: readonly ObjectId[];
}

/** Parts a patch between objects, so that each part fits a frame. Costs its size, and a logarithm more where it is large. */
export function splitPatch(patch: Patch): SplitPatch {
  const parts: PatchPart[] = [];
  const tooLarge: ObjectId[] = [];
  const open: Patch[] = [patch];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.objects.size === 0) continue;
    const wire = encodeOrNull(next);
    if (wire !== null) parts.push({ patch: next, wire });
    else if (next.objects.size === 1) tooLarge.push(...next.objects.keys());
    else open.push(...halves(next).reverse());
  }
  return { parts, tooLarge };
}

function encodeOrNull(patch: Patch): WirePatch | null {
  try {
    return encodeWirePatch(patch);
  } catch (error) {
    if (error instanceof ProtocolError && (error.code === 'too-large' || error.code === 'too-many'))
      return null;
    throw error;
  }
}

function halves({ objects, actors }: Patch): Patch[] {
  const entries = [...objects];
  const middle = Math.ceil(entries.length / 2);
  return [entries.slice(0, middle), entries.slice(middle)].map((some) => withClaims(new Map(some), actors));
}

/** Claims go with the registers of their actors alone. */
function withClaims(objects: ReadonlyMap<ObjectId, ObjectPatch>, actors: Patch['actors']): Patch {
  const named = new Set(
    [...objects.values()].flatMap(({ registers }) => [...registers.values()].map(({ stamp }) => stamp.actor)),
  );
  return { objects, actors: patchOf({ actors: [...actors].filter(([actor]) => named.has(actor)) }).actors };
}
