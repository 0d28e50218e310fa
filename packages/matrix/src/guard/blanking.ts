import { newest, type Patch } from '@weft/core';
import { BUNDLE_EVENT } from '../event-types.ts';
import type { EventId } from '../ids.ts';

/** A current layer, as far as blanking asks. */
export interface CoveringLayer {
  readonly event: EventId;
  /** `origin_server_ts`, in milliseconds. */
  readonly atMs: number;
  /** Which event of each carrier it says that it holds everything of, by `<type> <state key>`. */
  readonly covers: ReadonlyMap<string, string>;
  /** What its blob says; `null` while that was not read. */
  readonly patch: Patch | null;
  /** From how many places that do not depend on each other the blob was fetched back and found whole. */
  readonly copies: number;
}

/** A current bundle of somebody. */
export interface CoveredBundle {
  readonly event: EventId;
  readonly stateKey: string;
  readonly patch: Patch;
}

/** A bundle that may be blanked, and the event that is to be in its place until then. */
export interface Blanking {
  readonly type: typeof BUNDLE_EVENT;
  readonly stateKey: string;
  readonly covered: EventId;
  readonly layer: EventId;
}

/** A layer that is younger is not relied on: its writer may be on the losing side of a split. */
export const BLANK_AFTER_MS = 24 * 60 * 60_000;
/** A layer of which fewer copies were seen is all that there is of what it holds. */
export const MIN_COPIES = 2;

/**
 * The bundles that hold nothing which would be missed. Matrix has no compare-and-set, so blanking somebody else's key
 * is the one write that can lose what nobody holds: a layer has to name the very event that is current, to have stood
 * for a day, to exist twice, and to hold every register of the bundle, whatever it says of itself.
 */
export function blankings(
  layers: Iterable<CoveringLayer>,
  bundles: Iterable<CoveredBundle>,
  nowMs: number,
): readonly Blanking[] {
  const relied = [...layers].filter(
    ({ atMs, copies, patch }) => patch !== null && copies >= MIN_COPIES && nowMs - atMs >= BLANK_AFTER_MS,
  );
  return [...bundles].flatMap((bundle) => {
    const key = `${BUNDLE_EVENT} ${bundle.stateKey}`;
    const layer = relied.find(
      ({ covers, patch }) =>
        covers.get(key) === bundle.event && patch !== null && holdsAll(patch, bundle.patch),
    );
    if (layer === undefined) return [];
    return { type: BUNDLE_EVENT, stateKey: bundle.stateKey, covered: bundle.event, layer: layer.event };
  });
}

function holdsAll(layer: Patch, bundle: Patch): boolean {
  for (const [id, { registers, purge }] of bundle.objects) {
    const said = layer.objects.get(id);
    if (said === undefined) return false;
    const purgedAt = said.purge ?? Number.NEGATIVE_INFINITY;
    if (purge !== null && purgedAt < purge) return false;
    for (const [path, register] of registers) {
      const held = said.registers.get(path);
      const isHeld = held !== undefined && newest(held, register) === held;
      if (!isHeld && register.stamp.time > purgedAt) return false;
    }
  }
  return true;
}
