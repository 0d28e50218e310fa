import { emptyPatch, encodePersonal, type ObjectId, type ObjectRegisters, type Patch } from '@weft/core';
import { OBJECT_EVENT, PERSONAL_EVENT } from '../event-types.ts';
import type { OwnCarrier } from './carried.ts';
import { holdsPurged, refill } from './carried-patch.ts';
import {
  blobWrite,
  bundleWrite,
  type Choosing,
  objectWrite,
  refillBundle,
  type Write,
} from './choose-carrier.ts';

const NOTHING_DIRTY: ObjectRegisters = new Map();

/**
 * An own carrier that holds what was purged, written without it: redacting takes the bytes of an event, not those of other
 * carriers. `null` where all are clean. A carrier that cannot be read yet is looked at when its blob is here.
 *
 * @param purged the objects that were purged since all carriers were clean
 * @param isUnderWay whether an object's event was written that the room does not show yet
 */
export function tidy(
  choosing: Choosing,
  purged: ReadonlySet<ObjectId>,
  isUnderWay: (id: ObjectId) => boolean,
): Write | null {
  if (purged.size === 0) return null;
  const { slots, replica, user, carried } = choosing;
  const isStale = (carrier: OwnCarrier | null): carrier is OwnCarrier & { readonly patch: Patch } =>
    carrier !== null && carrier.patch !== null && holdsPurged(carrier.patch, purged, replica);
  for (const { slot, carrier } of slots.bundles()) {
    if (!isStale(carrier)) continue;
    const patch = refillBundle({ slot, carrier }, emptyPatch, choosing);
    const inline = carrier.isBlob ? null : bundleWrite(slot, patch, NOTHING_DIRTY, choosing);
    return inline ?? blobWrite('bundle', slot, patch, NOTHING_DIRTY, choosing);
  }
  for (const { slot, carrier } of slots.layers())
    if (isStale(carrier))
      return blobWrite(
        'layer',
        slot,
        refill(carrier.patch, emptyPatch, replica, () => false),
        NOTHING_DIRTY,
        choosing,
      );
  for (const id of purged) {
    const event = carried.ownObjectEvent(id);
    if (event !== null && !isUnderWay(id) && holdsPurged(event, [id], replica))
      return tidyObject(id, choosing);
  }
  const personal = slots.personal();
  if (!isStale(personal)) return null;
  const patch = refill(personal.patch, emptyPatch, replica, () => false);
  const encoded = encodePersonal(patch, user);
  // It holds less than before, so it fits.
  if (!encoded.fits) return null;
  const held = { slots: 'personal', slot: 0, patch, bytes: encoded.bytes } as const;
  return {
    kind: 'event',
    type: PERSONAL_EVENT,
    stateKey: user,
    content: encoded.content,
    objects: NOTHING_DIRTY,
    held,
  };
}

function tidyObject(id: ObjectId, choosing: Choosing): Write {
  if (choosing.replica.writable(id).registers.size > 0) return objectWrite(id, NOTHING_DIRTY, choosing);
  // Nothing is left of it: an empty event purges, as it should.
  return { kind: 'event', type: OBJECT_EVENT, stateKey: id, content: {}, objects: NOTHING_DIRTY, held: null };
}
