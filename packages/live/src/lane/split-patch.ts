import { type ObjectId, type ObjectPatch, type Patch, patchOf } from '@weft/core';
import { encodeWirePatch, MAX_PATCH_BYTES, ProtocolError, type WirePatch } from '@weft/protocol';

/** A part of a patch that fits one frame. */
export interface PatchPart {
  readonly patch: Patch;
  readonly wire: WirePatch;
}

export interface SplitPatch {
  /** Every object is whole in one of them, unless objects may be cut. */
  readonly parts: readonly PatchPart[];
  /** Objects that fit no part by themselves. */
  readonly tooLarge: readonly ObjectId[];
}

export interface SplitOptions {
  /** Default: what a frame carries. */
  readonly maxBytes?: number;
  /** Whether the registers of an object that fits no part may go in several. Default: no. */
  readonly cutsObjects?: boolean;
}

/** Parts a patch between objects, so that each part fits a frame. Costs its size, and a logarithm more where it is large. */
export function splitPatch(
  patch: Patch,
  { maxBytes = MAX_PATCH_BYTES, cutsObjects = false }: SplitOptions = {},
): SplitPatch {
  const parts: PatchPart[] = [];
  const tooLarge: ObjectId[] = [];
  const open: Patch[] = [patch];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.objects.size === 0) continue;
    const wire = encodeOrNull(next, maxBytes);
    if (wire !== null) parts.push({ patch: next, wire });
    else if (next.objects.size > 1) open.push(...halves(next).reverse());
    else if (cutsObjects && isDivisible(next)) open.push(...halvesOfObjects(next).reverse());
    else tooLarge.push(...next.objects.keys());
  }
  return { parts, tooLarge };
}

function encodeOrNull(patch: Patch, maxBytes: number): WirePatch | null {
  try {
    const wire = encodeWirePatch(patch);
    return wire.length <= maxBytes ? wire : null;
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

function isDivisible({ objects }: Patch): boolean {
  for (const { registers } of objects.values()) if (registers.size > 1) return true;
  return false;
}

function halvesOfObjects({ objects, actors }: Patch): Patch[] {
  return [0, 1].map((half) =>
    withClaims(
      new Map(
        Array.from(objects, ([id, { registers, purge }]) => {
          const middle = Math.ceil(registers.size / 2);
          const entries = [...registers];
          const some = half === 0 ? entries.slice(0, middle) : entries.slice(middle);
          return [id, { registers: new Map(some), purge }];
        }),
      ),
      actors,
    ),
  );
}

/** Claims go with the registers of their actors alone. */
function withClaims(objects: ReadonlyMap<ObjectId, ObjectPatch>, actors: Patch['actors']): Patch {
  const named = new Set(
    [...objects.values()].flatMap(({ registers }) => [...registers.values()].map(({ stamp }) => stamp.actor)),
  );
  return { objects, actors: patchOf({ actors: [...actors].filter(([actor]) => named.has(actor)) }).actors };
}
