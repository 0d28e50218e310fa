import {
  decodePatch,
  encodePatch,
  isUserId,
  joinBytes,
  type PatchSource,
  type SourcedPatch,
} from '@weft/core';
import { integerMember, member, stringMember } from '../json.ts';
import { parseJson } from './state-record.ts';

/** A record takes no more once it holds so many bytes. */
const FULL_RECORD_BYTES = 4 * 1024 * 1024;
const NEWLINE = 10;

/** What is left of what some events said, each with its event: a line of JSON says which, then come their files. */
export function encodeRemains(remains: readonly SourcedPatch[]): readonly Uint8Array[] {
  const records: { sources: object[]; files: Uint8Array[]; bytes: number }[] = [];
  for (const { patch, source } of remains) {
    const file = encodePatch(patch);
    const last = records.at(-1);
    const record =
      last !== undefined && last.bytes + file.length <= FULL_RECORD_BYTES
        ? last
        : { sources: [], files: [], bytes: 0 };
    if (record !== last) records.push(record);
    record.sources.push({ ...source, bytes: file.length });
    record.files.push(file);
    record.bytes += file.length;
  }
  return records.map(({ sources, files }) => {
    return joinBytes([new TextEncoder().encode(`${JSON.stringify(sources)}\n`), ...files]);
  });
}

/** `null` where it is none. @throws WeftError, where a file in it is not what was written */
export function decodeRemains(record: Uint8Array): readonly SourcedPatch[] | null {
  const end = record.indexOf(NEWLINE);
  const sources = end < 0 ? undefined : parseJson(record.subarray(0, end));
  if (!Array.isArray(sources)) return null;
  const remains: SourcedPatch[] = [];
  let at = end + 1;
  for (const raw of sources) {
    const source = readSource(raw);
    const bytes = integerMember(raw, 'bytes');
    if (source === null || bytes === null || bytes < 0 || at + bytes > record.length) return null;
    remains.push({ source, patch: decodePatch(record.subarray(at, at + bytes)).patch });
    at += bytes;
  }
  return at === record.length ? remains : null;
}

function readSource(raw: unknown): PatchSource | null {
  const [event, carrier] = [stringMember(raw, 'event'), stringMember(raw, 'carrier')];
  const [sender, atMs] = [member(raw, 'sender'), integerMember(raw, 'atMs')];
  if (event === null || carrier === null || atMs === null || !isUserId(sender)) return null;
  return { event, sender, atMs, carrier };
}
