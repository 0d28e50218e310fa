import { fromBase64Url, toBase64Url } from '../base64url.ts';
import { contentBytesOf } from '../binary/content-bytes.ts';
import { type DecodedFile, decodePatch } from '../binary/decode.ts';
import { encodePatch } from '../binary/encode.ts';
import { WeftError } from '../errors.ts';
import { type EventContent, isEventContent } from '../event/event-json.ts';
import type { Patch } from '../register/patch.ts';
import { canonicalJson } from '../value/canonical.ts';
import { utf8Length } from '../value/utf8.ts';
import {
  MAX_BUNDLE_INFLATED_BYTES,
  MAX_BUNDLE_OBJECTS,
  MAX_BUNDLE_REGISTERS,
  MAX_CONTENT_BYTES,
} from './limits.ts';

/** A content of an event, as far as it fits into one. */
export type EncodedContent =
  | { readonly fits: true; readonly content: EventContent; readonly bytes: number }
  | { readonly fits: false; readonly beyond: ContentBound; readonly bytes: number };

/** Which bound keeps a patch out of an event: more than 61,440 bytes, 1 MiB inflated, 4,096 objects or 65,536 registers. */
export type ContentBound = 'bytes' | 'inflated bytes' | 'objects' | 'registers';

/** The version of the contents of bundles, personal events and layers. */
export const CONTENT_VERSION = 1;

/** A content without a patch in it, with the bytes of its canonical JSON. */
export function sizedContent(content: EventContent): EncodedContent {
  const bytes = utf8Length(canonicalJson(content));
  return bytes <= MAX_CONTENT_BYTES
    ? { fits: true, content, bytes }
    : { fits: false, beyond: 'bytes', bytes };
}

/** @throws WeftError `limit` for more than a file may hold */
export function encodePacked(patch: Patch): EncodedContent {
  const file = encodePatch(patch);
  const sized = sizedContent({ v: CONTENT_VERSION, patch: toBase64Url(file) });
  const beyond = boundBeyond(patch, file);
  return beyond === null ? sized : { fits: false, beyond, bytes: sized.bytes };
}

/** The members of a content of this version; else why it is none. */
export function readContent(content: unknown): EventContent | string {
  if (!isEventContent(content, MAX_CONTENT_BYTES))
    return `the content is not a JSON record of at most ${MAX_CONTENT_BYTES} bytes`;
  if (content.v !== CONTENT_VERSION) return 'the version of the content is not known here';
  return content;
}

/** What `encodePacked` wrote; else why it cannot be read. */
export function decodePacked(text: unknown, carrier: string): DecodedFile | string {
  const file = typeof text === 'string' ? fromBase64Url(text) : undefined;
  if (file === undefined) return 'the patch is not base64url';
  try {
    return decodePatch(file, {
      carrier,
      maxContentBytes: MAX_BUNDLE_INFLATED_BYTES,
      maxObjects: MAX_BUNDLE_OBJECTS,
      maxRegisters: MAX_BUNDLE_REGISTERS,
    });
  } catch (error) {
    if (error instanceof WeftError) return error.message;
    throw error;
  }
}

function boundBeyond(patch: Patch, file: Uint8Array): ContentBound | null {
  if (patch.objects.size > MAX_BUNDLE_OBJECTS) return 'objects';
  let registers = 0;
  for (const object of patch.objects.values()) registers += object.registers.size;
  if (registers > MAX_BUNDLE_REGISTERS) return 'registers';
  return contentBytesOf(file) > MAX_BUNDLE_INFLATED_BYTES ? 'inflated bytes' : null;
}
