import { BUNDLE_SLOTS, emptyPatch, type ObjectRegisters, type Patch, writerKey } from '@weft/core';
import { BUNDLE_EVENT } from '../event-types.ts';
import type { Choosing, EventWrite } from './choose-carrier.ts';

/** Between two looks: what has to have stood for a day can wait for an hour. */
export const RETIRE_PAUSE_MS = 60 * 60_000;
/** How long after a reading of the state an own bundle may be blanked by it. */
export const READING_COUNTS_MS = 10_000;

const NOTHING_DIRTY: ObjectRegisters = new Map();
/** Of `{}`. */
const BLANK_BYTES = 2;

/** When own bundles are looked at: right after the state was read, once an hour at most. */
export class Retiring {
  #readMs = Number.NEGATIVE_INFINITY;
  #nextMs = Number.NEGATIVE_INFINITY;

  /** The state was read. No sync tells what a state resolution took, so older knowledge empties nothing. */
  read(nowMs: number): void {
    this.#readMs = nowMs;
  }

  /** The homeserver did not take it. */
  failed(nowMs: number): void {
    this.#nextMs = nowMs + RETIRE_PAUSE_MS;
  }

  /** The write that empties the next own bundle; `null` where there is none, or it is not the time. */
  next(choosing: Choosing, nowMs: number): EventWrite | null {
    if (nowMs < this.#nextMs || nowMs - this.#readMs > READING_COUNTS_MS) return null;
    const write = retire(choosing);
    if (write === null) this.#nextMs = nowMs + RETIRE_PAUSE_MS;
    return write;
  }
}

/**
 * Blanks an own bundle of which others have carried everything for a day, so that what a newcomer reads depends on what
 * the world holds, not on how much happened in it. `null` where none is. Costs what own bundles hold.
 */
function retire(choosing: Choosing): EventWrite | null {
  const { slots, rights, user } = choosing;
  if (!rights.mayWrite(BUNDLE_EVENT)) return null;
  const unseen = slots.unseenBundles;
  for (const { slot, carrier } of slots.bundles()) {
    if (carrier === null || carrier.patch === null || unseen.has(slot)) continue;
    if (!isCarriedElsewhere(carrier.patch, slot, unseen, choosing)) continue;
    return {
      kind: 'event',
      type: BUNDLE_EVENT,
      stateKey: writerKey(user, slot, BUNDLE_SLOTS),
      content: {},
      objects: NOTHING_DIRTY,
      held: { slots: 'bundle', slot, patch: emptyPatch, bytes: BLANK_BYTES },
    };
  }
  return null;
}

function isCarriedElsewhere(
  { objects }: Patch,
  slot: number,
  unseen: ReadonlySet<number>,
  { carried }: Choosing,
): boolean {
  const except = new Set([...unseen, slot]);
  for (const [id, { registers, purge }] of objects) {
    // A purge that this bundle carries on may be told nowhere else.
    if (purge !== null) return false;
    for (const [path, register] of registers) if (!carried.isKept(id, path, register, except)) return false;
  }
  return objects.size > 0;
}
