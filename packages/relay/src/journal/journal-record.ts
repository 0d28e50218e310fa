import { isUserId, type UserId } from '@weft/core';
import { isRunId, type RunId } from '@weft/protocol';

/** What a record is: the start of a run; a frame that was fanned out; all that was not durable; a part's own. */
export const JOURNAL_KINDS = ['run', 'patch', 'retract', 'checkpoint', 'document'] as const;

export type JournalKind = (typeof JOURNAL_KINDS)[number];

/** One thing that a lane keeps of a world. */
export interface JournalRecord {
  readonly kind: JournalKind;
  /** What it is about within its kind, such as an object's id; else empty. At most 255 bytes. */
  readonly key: string;
  readonly run: RunId;
  /** Its number in the run, or that of the last before it. */
  readonly seq: number;
  /** Whose it is; `null` where it is nobody's. */
  readonly user: UserId | null;
  readonly body: Uint8Array;
}

const VERSION = 1;
const LENGTH_BYTES = 2;

/** A version byte, two bytes of length, the fields as JSON, the body as it is. */
export function encodeRecord({ kind, key, run, seq, user, body }: JournalRecord): Uint8Array {
  const head = new TextEncoder().encode(JSON.stringify([kind, key, run, seq, user]));
  const start = 1 + LENGTH_BYTES + head.length;
  const bytes = new Uint8Array(start + body.length);
  bytes[0] = VERSION;
  new DataView(bytes.buffer).setUint16(1, head.length);
  bytes.set(head, 1 + LENGTH_BYTES);
  bytes.set(body, start);
  return bytes;
}

/** `null` for bytes that are no record. Never throws. */
export function decodeRecord(bytes: Uint8Array): JournalRecord | null {
  if (bytes.length < 1 + LENGTH_BYTES || bytes[0] !== VERSION) return null;
  const start = 1 + LENGTH_BYTES + new DataView(bytes.buffer, bytes.byteOffset).getUint16(1);
  const head = parse(bytes.subarray(1 + LENGTH_BYTES, start));
  if (bytes.length < start || !Array.isArray(head)) return null;
  const [kind, key, run, seq, user]: unknown[] = head;
  if (!isKind(kind) || typeof key !== 'string' || !isRunId(run)) return null;
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 0) return null;
  if (user !== null && !isUserId(user)) return null;
  return { kind, key, run, seq, user, body: bytes.subarray(start) };
}

function isKind(value: unknown): value is JournalKind {
  return JOURNAL_KINDS.some((kind) => kind === value);
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
