import { type Branded, type RandomBytes, toBase64Url } from '@weft/core';

/** One run of a relay for one world: 96 random bits in base64url, new whenever its numbers may begin again. */
export type RunId = Branded<string, 'RunId'>;

const RUN_ID_BYTES = 12;

/** The form of a run id, as a pattern of JSON Schema. */
export const RUN_ID_PATTERN = '^[A-Za-z0-9_-]{16}$';
const RUN_ID = new RegExp(RUN_ID_PATTERN);

export function isRunId(text: unknown): text is RunId {
  return typeof text === 'string' && RUN_ID.test(text);
}

export function newRunId(random: RandomBytes): RunId {
  return toBase64Url(random(RUN_ID_BYTES)) as RunId;
}
