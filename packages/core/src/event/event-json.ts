import { sha256 } from '@noble/hashes/sha2.js';
import { toBase64Url } from '../base64url.ts';
import { RESERVED_COMPONENT } from '../ids.ts';
import { canonicalJson } from '../value/canonical.ts';
import { utf8Length } from '../value/utf8.ts';
import type { Value } from '../value/value.ts';
import { MAX_EVENT_DEPTH, MAX_OBJECT_EVENT_BYTES } from './limits.ts';

/** The JSON of an event: names and values that were not judged yet. */
export interface EventContent {
  readonly [name: string]: Value;
}

const HASH_CHARACTERS = 8;

/** Whether it is a JSON record within the bounds of an object event. Never throws, looks at no more than the bounds. */
export function isObjectEventContent(content: unknown): content is EventContent {
  return isEventContent(content, MAX_OBJECT_EVENT_BYTES);
}

/** Whether it is a JSON record of at most so many bytes in canonical form. Never throws, looks at no more than that. */
export function isEventContent(content: unknown, maxBytes: number): content is EventContent {
  if (!isRecord(content)) return false;
  const left = { nodes: maxBytes };
  return isBoundedJson(content, 0, left) && utf8Length(canonicalJson(content)) <= maxBytes;
}

/** What tells an edit by hand that left the stamps in place: a digest of everything but the stamps. */
export function contentHash(content: EventContent): string {
  const { [RESERVED_COMPONENT]: _stamps, ...stamped } = content;
  return toBase64Url(sha256(new TextEncoder().encode(canonicalJson(stamped)))).slice(0, HASH_CHARACTERS);
}

export function isRecord(input: unknown): input is { readonly [name: string]: unknown } {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}

function isBoundedJson(input: unknown, depth: number, left: { nodes: number }): input is Value {
  left.nodes -= 1;
  if (left.nodes < 0 || depth > MAX_EVENT_DEPTH) return false;
  if (typeof input === 'number') return Number.isFinite(input);
  if (typeof input === 'string' || typeof input === 'boolean' || input === null) return true;
  if (typeof input !== 'object') return false;
  const members: readonly unknown[] = Array.isArray(input) ? input : Object.values(input);
  return members.length <= left.nodes && members.every((member) => isBoundedJson(member, depth + 1, left));
}
