import type { ObjectId } from '@weft/core';
import { type Choice, type Choosing, chooseCarrier, type Write } from './choose-carrier.ts';
import type { DirtyQueue } from './dirty-queue.ts';
import { nextView } from './next-view.ts';
import type { RateLearner } from './rate-learner.ts';

/** Kept for leaving and for moderators, unless an edit has waited for `MAX_DIRTY_MS`. */
export const RESERVED_TOKENS = 2;
/** The longest that an edit waits while tokens trickle. */
export const MAX_DIRTY_MS = 6000;
/** Views are written while the estimate is above this share of the burst. */
const PLENTY = 0.5;

/** What the writer does next. */
export type Step = Choice | { readonly kind: 'wait'; readonly untilMs: number } | { readonly kind: 'idle' };

export interface Situation {
  readonly nowMs: number;
  readonly choosing: Choosing;
  readonly queue: Pick<DirtyQueue, 'next'>;
  readonly rate: Pick<RateLearner, 'available' | 'earliestMs' | 'atLevelMs' | 'burst'>;
  /** Somebody waits for everything to be saved. */
  readonly hurry: boolean;
  /** An own carrier without what was purged; `null` where all are clean. */
  readonly tidied: Write | null;
  /** Makes the layer that was asked for, which costs as much as the world; `null` where none was. */
  readonly checkpoint: (() => Write | null) | null;
  /** An own bundle that nobody would miss, emptied; `null` where none is, or it is not the time to look. */
  readonly retired: () => Write | null;
  /** Whether the homeserver refused the view of this object. */
  readonly isPassedOver: (id: ObjectId) => boolean;
}

/**
 * The next write, or when there may be one: decides, does nothing. What was purged leaves first, then goes what is dirty,
 * then what was asked for; readable views come after it, and at last own bundles are emptied, both only while tokens are
 * plentiful.
 */
export function plan(situation: Situation): Step {
  const { nowMs, choosing, queue, rate, hurry, tidied, checkpoint } = situation;
  const bareMs = rate.earliestMs(nowMs, 0);
  const comfortMs = rate.earliestMs(nowMs, RESERVED_TOKENS);
  if (tidied !== null) return from(bareMs, nowMs, () => tidied);
  const due = queue.next(nowMs, hurry);
  if (due.batch !== null) {
    const { objects, firstMs } = due.batch;
    const atMs = hurry ? bareMs : Math.min(comfortMs, Math.max(bareMs, firstMs + MAX_DIRTY_MS));
    return from(atMs, nowMs, () => chooseCarrier(objects, choosing));
  }
  if (checkpoint !== null && comfortMs > nowMs) return { kind: 'wait', untilMs: comfortMs };
  const layer = checkpoint?.() ?? null;
  if (layer !== null) return layer;
  // Soon something is due: the tokens are for that.
  if (due.nextMs !== null) return { kind: 'wait', untilMs: due.nextMs };
  return planView(situation);
}

function planView({ nowMs, choosing, rate, isPassedOver, retired }: Situation): Step {
  const plentyMs = Math.max(
    rate.atLevelMs(nowMs, PLENTY * rate.burst + 1),
    rate.earliestMs(nowMs, RESERVED_TOKENS),
  );
  // Looking through all that own bundles hold is worth it only where something could be done about it.
  if (plentyMs > nowMs) return { kind: 'wait', untilMs: plentyMs };
  const { view, restedMs } = nextView(choosing, nowMs, isPassedOver);
  const write = view ?? retired();
  if (write !== null) return write;
  return restedMs === null ? { kind: 'idle' } : { kind: 'wait', untilMs: restedMs };
}

function from(atMs: number, nowMs: number, step: () => Step): Step {
  return atMs > nowMs ? { kind: 'wait', untilMs: atMs } : step();
}
