import {
  BUNDLE_SLOTS,
  emptyPatch,
  encodePersonal,
  LAYER_SLOTS,
  type ObjectId,
  type ObjectRegisters,
  type Patch,
  writerKey,
} from '@weft/core';
import { BUNDLE_EVENT, LAYER_EVENT, OBJECT_EVENT, PERSONAL_EVENT } from '../event-types.ts';
import type { OwnCarrier } from './carried.ts';
import { holdsPurged, refill } from './carried-patch.ts';
import {
  blobWrite,
  bundleWrite,
  type Choosing,
  objectWriteIfFits,
  refillBundle,
  type Write,
} from './choose-carrier.ts';
import type { Slot } from './own-slots.ts';

const NOTHING_DIRTY: ObjectRegisters = new Map();

/** An own carrier that holds what was purged. */
export interface StaleCarrier {
  readonly type: string;
  readonly stateKey: string;
  /** Without it; `null` where the rest fits into no such event. Costs what the carrier holds. */
  readonly write: () => Write | null;
}

type Read = OwnCarrier & { readonly patch: Patch };

/**
 * Own carriers that hold what was purged: redacting takes the bytes of an event, not those of other carriers. One that
 * cannot be read yet is looked at when its blob is here.
 *
 * @param purged the objects that were purged since all carriers were clean
 * @param isUnderWay whether an object's event was written that the room does not show yet
 */
export function* staleCarriers(
  choosing: Choosing,
  purged: ReadonlySet<ObjectId>,
  isUnderWay: (id: ObjectId) => boolean,
): Generator<StaleCarrier> {
  if (purged.size === 0) return;
  const { slots, replica, user, carried } = choosing;
  const isStale = (carrier: OwnCarrier | null): carrier is Read =>
    carrier !== null && carrier.patch !== null && holdsPurged(carrier.patch, purged, replica);
  for (const { slot, carrier } of slots.bundles())
    if (isStale(carrier))
      yield {
        ...{ type: BUNDLE_EVENT, stateKey: writerKey(user, slot, BUNDLE_SLOTS) },
        write: () => tidyBundle({ slot, carrier }, choosing),
      };
  for (const { slot, carrier } of slots.layers())
    if (isStale(carrier))
      yield {
        ...{ type: LAYER_EVENT, stateKey: writerKey(user, slot, LAYER_SLOTS) },
        write: () => blobWrite('layer', slot, rest(carrier, choosing), NOTHING_DIRTY, choosing),
      };
  for (const id of purged) {
    const event = carried.ownObjectEvent(id);
    if (event !== null && !isUnderWay(id) && holdsPurged(event, [id], replica))
      yield { type: OBJECT_EVENT, stateKey: id, write: () => tidyObject(id, choosing) };
  }
  const personal = slots.personal();
  if (isStale(personal))
    yield { type: PERSONAL_EVENT, stateKey: user, write: () => tidyPersonal(personal, choosing) };
}

function rest(carrier: Read, { replica }: Choosing): Patch {
  return refill(carrier.patch, emptyPatch, replica, () => false);
}

function tidyBundle({ slot, carrier }: Slot & { readonly carrier: Read }, choosing: Choosing): Write {
  const patch = refillBundle({ slot, carrier }, emptyPatch, choosing);
  const inline = carrier.isBlob ? null : bundleWrite(slot, patch, NOTHING_DIRTY, choosing);
  return inline ?? blobWrite('bundle', slot, patch, NOTHING_DIRTY, choosing);
}

function tidyObject(id: ObjectId, choosing: Choosing): Write | null {
  if (choosing.replica.writable(id).registers.size > 0) return objectWriteIfFits(id, NOTHING_DIRTY, choosing);
  // Nothing is left of it: an empty event purges, as it should.
  return { kind: 'event', type: OBJECT_EVENT, stateKey: id, content: {}, objects: NOTHING_DIRTY, held: null };
}

function tidyPersonal(carrier: Read, choosing: Choosing): Write | null {
  const { user } = choosing;
  const patch = rest(carrier, choosing);
  const encoded = encodePersonal(patch, user);
  if (!encoded.fits) return null;
  const held = { slots: 'personal', slot: 0, patch, bytes: encoded.bytes } as const;
  const { content } = encoded;
  return { kind: 'event', type: PERSONAL_EVENT, stateKey: user, content, objects: NOTHING_DIRTY, held };
}
