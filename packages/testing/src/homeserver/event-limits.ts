import { utf8Length } from '@weft/core';
import { answer } from './faults.ts';

/** Content past this is refused: 65,536 bytes less the envelope of a version-12 event (measured: 64,800 pass). */
const MAX_CONTENT_BYTES = 64_900;
const MAX_NAME_BYTES = 255;
// As JSON text: what matters is what travels, not what the caller held.
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/** Refuses what Synapse 1.163 refuses in a room of version 6 and later. */
export function checkEvent(what: string, type: string, stateKey: string | null, content: object): void {
  checkNumbers(what, content);
  // Synapse does not expect it and fails.
  if (hasLoneSurrogate(content)) throw answer(what, 500, 'M_UNKNOWN', 'Internal server error');
  if (utf8Length(type) > MAX_NAME_BYTES) throw answer(what, 413, 'M_TOO_LARGE', "'type' too large");
  if (stateKey !== null && utf8Length(stateKey) > MAX_NAME_BYTES)
    throw answer(what, 413, 'M_TOO_LARGE', "'state_key' too large");
  if (utf8Length(JSON.stringify(content)) > MAX_CONTENT_BYTES)
    throw answer(what, 413, 'M_TOO_LARGE', 'event too large');
}

function checkNumbers(what: string, value: unknown): void {
  if (typeof value === 'number') {
    if (!Number.isInteger(value)) throw answer(what, 400, 'M_BAD_JSON', 'Bad JSON value: float');
    if (!Number.isSafeInteger(value)) throw answer(what, 400, 'M_BAD_JSON', 'JSON integer out of range');
  } else if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) checkNumbers(what, member);
  }
}

function hasLoneSurrogate(value: unknown): boolean {
  if (typeof value === 'string') return LONE_SURROGATE.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([name, member]) => LONE_SURROGATE.test(name) || hasLoneSurrogate(member),
  );
}
