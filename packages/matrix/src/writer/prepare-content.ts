import {
  type EncodedContent,
  type EventContent,
  encodeBundlePointer,
  encodeLayer,
  WeftError,
} from '@weft/core';
import { LAYER_EVENT } from '../event-types.ts';
import type { BlobUpload } from './blob-upload.ts';
import type { Write } from './choose-carrier.ts';

export interface PreparedContent {
  readonly content: EventContent;
  /** Of the content, or of the blob that it points to. */
  readonly bytes: number;
}

export interface PreparingPorts {
  readonly upload: BlobUpload;
  /** The set hash of what this replica holds. */
  readonly setHash: () => string;
  /** Which event of each carrier of many objects the room shows, by `<type> <state key>`. */
  readonly covers: () => ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
}

/** The content of a write, after its blob was uploaded where it has one. @throws HomeserverError, WeftError */
export async function prepareContent(write: Write, ports: PreparingPorts): Promise<PreparedContent> {
  if (write.kind === 'event') return { content: write.content, bytes: write.held?.bytes ?? 0 };
  const { type, held, objects } = write;
  // As of the patch: by the time it is uploaded the room may show more.
  const isWhole = type === LAYER_EVENT && objects.size === 0;
  const covers = isWhole ? ports.covers() : new Map<string, string>();
  const hash = ports.setHash();
  const blob = await ports.upload.bring(held.patch, ports.signal);
  const encoded = type === LAYER_EVENT ? encodeLayer({ blob, hash, covers }) : encodeBundlePointer(blob);
  return { content: contentOf(encoded), bytes: blob.bytes };
}

function contentOf(encoded: EncodedContent): EventContent {
  if (encoded.fits) return encoded.content;
  throw new WeftError('limit', {
    what: 'point to a blob',
    expected: 'content that fits into one event',
    got: `${encoded.bytes} bytes`,
    hint: 'A layer covers fewer carriers than these.',
    by: 'developer',
  });
}
