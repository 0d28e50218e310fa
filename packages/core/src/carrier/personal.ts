import type { UserId } from '../ids.ts';
import type { Patch } from '../register/patch.ts';
import { onlyPersonalOf } from './admit.ts';
import {
  type CarrierEvent,
  carrierName,
  type DecodedBundle,
  isBlank,
  refusedCarrier,
  SAYS_NOTHING,
} from './carrier-event.ts';
import { decodePacked, type EncodedContent, encodePacked, readContent } from './packed-content.ts';
import { refuseObject } from './refuse-object.ts';
import { isPersonalObjectOf, writerHashOf } from './writer-key.ts';

/**
 * The content of the `world.weft.personal` event of a user, where the patch fits into it.
 *
 * @throws WeftError `invalid-value` for any object but a personal one of this user; `limit` for more than a file may hold
 */
export function encodePersonal(patch: Patch, owner: UserId): EncodedContent {
  const writer = writerHashOf(owner);
  for (const id of patch.objects.keys())
    if (!isPersonalObjectOf(writer, id)) throw refuseObject(`the personal event of ${owner}`, id);
  return encodePacked(patch);
}

/** Reads a personal event. Never throws. It counts where its state key is the sender, for the sender's own objects. */
export function decodePersonal(event: CarrierEvent): DecodedBundle {
  const { stateKey, sender } = event;
  const carrier = carrierName('world.weft.personal', stateKey);
  if (isBlank(event)) return SAYS_NOTHING;
  if (stateKey !== sender) return refusedCarrier(carrier, 'the state key is another user than its sender');
  const content = readContent(event.content);
  if (typeof content === 'string') return refusedCarrier(carrier, content);
  const file = decodePacked(content.patch, carrier);
  if (typeof file === 'string') return refusedCarrier(carrier, file);
  return { ...onlyPersonalOf(writerHashOf(sender), file, carrier), blob: null };
}
