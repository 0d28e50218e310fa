import { type EventContent, isRecord } from '../event/event-json.ts';
import type { BlobPointer } from './blob-pointer.ts';
import { pointed } from './bundle.ts';
import {
  type CarrierEvent,
  carrierName,
  type DecodedBundle,
  foreignKey,
  isBlank,
  refusedCarrier,
  SAYS_NOTHING,
} from './carrier-event.ts';
import { LAYER_SLOTS } from './limits.ts';
import { CONTENT_VERSION, type EncodedContent, readContent, sizedContent } from './packed-content.ts';

/** What a layer says of itself, beside what it points to. */
export interface LayerParts {
  readonly blob: BlobPointer;
  /** The set hash of the replica that it was taken from. */
  readonly hash: string;
  /** Which event of each carrier it holds everything of, by `<type> <state key>`. */
  readonly covers: ReadonlyMap<string, string>;
}

export interface DecodedLayer extends DecodedBundle {
  /** `null` where it is not said. A claim of its sender. */
  readonly hash: string | null;
  readonly covers: ReadonlyMap<string, string>;
}

const SET_HASH = /^[0-9a-f]{32}$/;

/** The content of a `world.weft.layer` event; it does not fit where it covers too many events. */
export function encodeLayer({ blob, hash, covers }: LayerParts): EncodedContent {
  return sizedContent({ v: CONTENT_VERSION, blob: { ...blob }, hash, covers: Object.fromEntries(covers) });
}

/** Reads a layer. Never throws. It counts where its state key is the sender's own. */
export function decodeLayer(event: CarrierEvent): DecodedLayer {
  const carrier = carrierName('world.weft.layer', event.stateKey);
  if (isBlank(event)) return layer(SAYS_NOTHING);
  const foreign = foreignKey(event, LAYER_SLOTS);
  if (foreign !== null) return layer(refusedCarrier(carrier, foreign));
  const content = readContent(event.content);
  if (typeof content === 'string') return layer(refusedCarrier(carrier, content));
  return layer(pointed(content.blob, carrier), content);
}

function layer(said: DecodedBundle, content: EventContent = {}): DecodedLayer {
  // What points nowhere says nothing of itself either.
  const { hash, covers } = said.blob === null ? {} : content;
  const isHash = typeof hash === 'string' && SET_HASH.test(hash);
  const entries = isRecord(covers) ? Object.entries(covers) : [];
  return {
    ...said,
    hash: isHash ? hash : null,
    covers: new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string')),
  };
}
