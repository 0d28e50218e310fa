import {
  msOf,
  type ObjectId,
  type ObjectRegisters,
  type Path,
  parsePath,
  type Register,
  WeftError,
} from '@weft/core';
import { type Choosing, type EventWrite, mayHaveEvent, objectWrite } from './choose-carrier.ts';

/** An object gets its readable event when nobody has changed it for so long. */
export const VIEW_REST_MS = 10_000;

const DELETED = parsePath('node.deleted');
const NOTHING_DIRTY: ObjectRegisters = new Map();

/** The next object whose own event is to show what a bundle of this user carries. */
export type ViewSearch =
  | { readonly view: EventWrite; readonly restedMs: null }
  /** None now; the soonest object comes to rest then, `null` where none is left. */
  | { readonly view: null; readonly restedMs: number | null };

/**
 * Finds what other Matrix programs cannot read yet. Objects behind a blob stay there: whoever brought so many at once did
 * not want an event for each.
 *
 * @param isPassedOver objects whose view the homeserver refused
 */
export function nextView(
  choosing: Choosing,
  nowMs: number,
  isPassedOver: (id: ObjectId) => boolean,
): ViewSearch {
  const { slots, carried, replica } = choosing;
  let restedMs: number | null = null;
  for (const { carrier } of slots.bundles()) {
    if (carrier === null || carrier.isBlob || carrier.patch === null) continue;
    for (const id of carrier.patch.objects.keys()) {
      if (isPassedOver(id) || carried.isShown(id) || !mayHaveEvent(id, choosing)) continue;
      const { registers } = replica.writable(id);
      const isGone = registers.size === 0 || registers.get(DELETED)?.value === true;
      if (isGone && !carried.hasObjectEvent(id)) continue;
      const atMs = latestMs(registers) + VIEW_REST_MS;
      if (atMs > nowMs) restedMs = Math.min(restedMs ?? atMs, atMs);
      else {
        const view = viewOf(id, choosing);
        if (view !== null) return { view, restedMs: null };
      }
    }
  }
  return { view: null, restedMs };
}

// An object too large for an event of its own stays in the bundle.
function viewOf(id: ObjectId, choosing: Choosing): EventWrite | null {
  try {
    return objectWrite(id, NOTHING_DIRTY, choosing);
  } catch (error) {
    if (error instanceof WeftError) return null;
    throw error;
  }
}

function latestMs(registers: ReadonlyMap<Path, Register>): number {
  let latest = 0;
  for (const { stamp } of registers.values()) latest = Math.max(latest, msOf(stamp.time));
  return latest;
}
