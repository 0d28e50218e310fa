import { isPersonalObjectId } from '../ids.ts';
import type { Patch } from '../register/patch.ts';
import { withoutPersonal } from './admit.ts';
import { type BlobPointer, readBlobPointer } from './blob-pointer.ts';
import {
  type CarrierEvent,
  carrierName,
  type DecodedBundle,
  foreignKey,
  isBlank,
  refusedCarrier,
  SAYS_NOTHING,
} from './carrier-event.ts';
import { BUNDLE_SLOTS } from './limits.ts';
import {
  CONTENT_VERSION,
  decodePacked,
  type EncodedContent,
  encodePacked,
  readContent,
  sizedContent,
} from './packed-content.ts';
import { refuseObject } from './refuse-object.ts';

/**
 * The content of a `world.weft.bundle` event that holds a patch, where it fits into one. Takes as long as `encodePatch`.
 *
 * @throws WeftError `invalid-value` for a personal object, which readers accept from no bundle; `limit` for more than a
 *   file may hold
 */
export function encodeBundle(patch: Patch): EncodedContent {
  for (const id of patch.objects.keys()) if (isPersonalObjectId(id)) throw refuseObject('a bundle', id);
  return encodePacked(patch);
}

/** The content of a `world.weft.bundle` event whose patch lies elsewhere; it always fits. */
export function encodeBundlePointer(blob: BlobPointer): EncodedContent {
  return sizedContent({ v: CONTENT_VERSION, blob: { ...blob } });
}

/**
 * Reads a bundle. Never throws: what is malformed is dropped alone and reported. It counts where its state key is the
 * sender's own; from anybody else only an empty one does, which says nothing.
 */
export function decodeBundle(event: CarrierEvent): DecodedBundle {
  const carrier = carrierName('world.weft.bundle', event.stateKey);
  if (isBlank(event)) return SAYS_NOTHING;
  const foreign = foreignKey(event, BUNDLE_SLOTS);
  if (foreign !== null) return refusedCarrier(carrier, foreign);
  const content = readContent(event.content);
  if (typeof content === 'string') return refusedCarrier(carrier, content);
  if (content.blob !== undefined) return pointed(content.blob, carrier);
  const file = decodePacked(content.patch, carrier);
  if (typeof file === 'string') return refusedCarrier(carrier, file);
  return { ...withoutPersonal(file, carrier), blob: null };
}

/** What an event says by its blob. */
export function pointed(input: unknown, carrier: string): DecodedBundle {
  const read = readBlobPointer(input);
  if (typeof read === 'string') return refusedCarrier(carrier, read);
  const { pointer, skippedSources } = read;
  const reason = `${skippedSources} of the blob's addresses cannot be used`;
  const problems = skippedSources === 0 ? [] : [{ carrier, path: 'blob.sources', reason }];
  return { ...SAYS_NOTHING, problems, blob: pointer };
}
