import { emptyPatch, isPersonalObjectId, type Patch } from '@weft/core';
import { LAYER_EVENT } from '../event-types.ts';
import { blobWrite, type Choosing, layerPatch, type Write } from './choose-carrier.ts';

const DAY_MS = 24 * 60 * 60_000;

/**
 * A layer of everything that this replica knows and that everybody may see, in place of the older own one. `null` where
 * this user may not write layers, or an own one cannot be read now.
 */
export function checkpointWrite(everything: Patch, choosing: Choosing): Write | null {
  const [older] = choosing.slots.layers();
  if (!choosing.rights.mayWrite(LAYER_EVENT) || older === undefined) return null;
  if (layerPatch(emptyPatch, choosing) === null) return null;
  const objects = new Map([...everything.objects].filter(([id]) => !isPersonalObjectId(id)));
  return blobWrite('layer', older.slot, { ...everything, objects }, new Map(), choosing);
}

/** Whether own bundles are full, so that a layer would free them a day later; once a day is enough. */
export function wantsCheckpoint({ slots, rights }: Choosing, nowMs: number): boolean {
  if (!rights.mayWrite(LAYER_EVENT) || !slots.areBundlesFull) return false;
  return slots.layers().every(({ carrier }) => carrier === null || nowMs - carrier.atMs >= DAY_MS);
}
