import {
  type ActorId,
  type Contribution,
  MAX_DOCUMENT_SLOTS,
  msOf,
  type RandomBytes,
  SLOT_PART_BYTES,
} from '@weft/core';

/** A slot that nobody has written for so long may be taken over. */
export const SLOT_REST_MS = 600_000;

export interface SlotChoice {
  /** Those that the document has now. */
  readonly contributions: readonly Contribution[];
  readonly actor: ActorId;
  /** How much is to be added, in bytes. */
  readonly bytes: number;
  /** Milliseconds of the corrected clock. */
  readonly nowMs: number;
  readonly random: RandomBytes;
}

/**
 * The slot for what an actor contributes: its own, where it has one. Else one at rest that stays within one register with it, a
 * free one, the smallest one at rest, or the one that was written longest ago. Among free ones it is drawn, so that two who
 * begin at once seldom meet.
 */
export function chooseSlot({ contributions, actor, bytes, nowMs, random }: SlotChoice): number {
  const own = contributions.find(({ stamp }) => stamp.actor === actor);
  if (own !== undefined) return own.slot;
  const rested = contributions
    .filter(({ stamp }) => msOf(stamp.time) <= nowMs - SLOT_REST_MS)
    .toSorted((a, b) => a.update.length - b.update.length);
  const [smallest] = rested;
  if (smallest !== undefined && smallest.update.length + bytes <= SLOT_PART_BYTES) return smallest.slot;
  const taken = new Set(contributions.map(({ slot }) => slot));
  const free = [...Array(MAX_DOCUMENT_SLOTS).keys()].filter((slot) => !taken.has(slot));
  const drawn = free[(random(1)[0] ?? 0) % free.length];
  if (drawn !== undefined) return drawn;
  const [oldest] = contributions.toSorted((a, b) => a.stamp.time - b.stamp.time);
  return smallest?.slot ?? oldest?.slot ?? 0;
}
