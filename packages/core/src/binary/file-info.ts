import { isRecord } from '../event/event-json.ts';
import { canonicalJson } from '../value/canonical.ts';
import { normaliseValue } from '../value/normalise.ts';

/** What a file says of itself. Nobody vouches for it. */
export interface FileInfo {
  /** The name of the world or of the part of it. */
  readonly title?: string;
  /** When the file was written, in milliseconds since 1970. */
  readonly createdMs?: number;
  /** The room that it was taken from, as text. */
  readonly source?: string;
}

const MAX_INFO_CHARACTERS = 1000;

/** @throws WeftError `invalid-value` or `limit` for texts that no register could hold either */
export function infoJson(info: FileInfo): string {
  const known = readInfo(normaliseValue({ ...info }, 'describe a Weft file'));
  return Object.keys(known).length === 0 ? '' : canonicalJson({ ...known });
}

/** The members that are what they should be; all others are left out. */
export function readInfo(input: unknown): FileInfo {
  if (!isRecord(input)) return {};
  const { title, createdMs, source } = input;
  return {
    ...(isShortText(title) ? { title } : {}),
    ...(typeof createdMs === 'number' && Number.isFinite(createdMs) ? { createdMs } : {}),
    ...(isShortText(source) ? { source } : {}),
  };
}

function isShortText(input: unknown): input is string {
  return typeof input === 'string' && input.length <= MAX_INFO_CHARACTERS && input.isWellFormed();
}
