import { deflateSync, inflateSync } from 'fflate';
import { badFile } from './bad-file.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { MAX_INFLATED_SECTION_BYTES, MAX_SECTION_BYTES } from './limits.ts';
import type { Inflate } from './native-decoding.ts';

/** What the sections of a body are. The numbers are part of the format. */
export const SECTION = { head: 1, texts: 2, ids: 3, claims: 4, purges: 5, block: 6, column: 7 } as const;

const DEFLATED = 0x80;
// Inflating costs the reader about 10 ns a byte: it must save at least a quarter, and more than its own frame.
const MIN_DEFLATED_BYTES = 32;
const MAX_KEPT_RATIO = 0.75;

export interface Section {
  readonly kind: number;
  readonly payload: Uint8Array;
}

/** Writes one section, deflated where that is worth the reader's time. */
export function writeSection(writer: ByteWriter, kind: number, payload: Uint8Array): void {
  const deflated = worthDeflating(payload);
  if (deflated === undefined) {
    writer.u8(kind);
    writer.varint(payload.length);
    writer.bytes(payload);
  } else {
    writer.u8(kind | DEFLATED);
    writer.varint(deflated.length);
    writer.varint(payload.length);
    writer.bytes(deflated);
  }
}

/** The frame of a section, before its bytes are there. */
export interface SectionFrame {
  readonly kind: number;
  readonly storedBytes: number;
  /** `null` where it is stored as it is. */
  readonly inflatedBytes: number | null;
}

export function readFrame(reader: ByteReader): SectionFrame {
  const first = reader.u8();
  const storedBytes = reader.count(MAX_SECTION_BYTES, 'bytes in a section');
  const kind = first & ~DEFLATED;
  if (first === kind) return { kind, storedBytes, inflatedBytes: null };
  const inflatedBytes = reader.count(MAX_INFLATED_SECTION_BYTES, 'bytes in a deflated section');
  if (storedBytes >= inflatedBytes)
    throw badFile('a deflated section that is smaller than its content', `${storedBytes} bytes`);
  return { kind, storedBytes, inflatedBytes };
}

/**
 * The content of a section; never more than its frame declared.
 *
 * @param inflate is believed where it gives as much as was declared; the rest is for the built-in inflater to judge
 */
export function contentOf(frame: SectionFrame, stored: Uint8Array, inflate?: Inflate): Uint8Array {
  if (frame.inflatedBytes === null) return stored;
  const declared = frame.inflatedBytes;
  const inflated = inflate?.(stored, declared) ?? null;
  if (inflated?.length === declared) return inflated;
  let content: Uint8Array;
  try {
    // Never grows. A bomb spends the time for what it holds, which is bounded by the size of a deflated section.
    content = inflateSync(stored, { out: new Uint8Array(declared + 1) });
  } catch (cause) {
    throw badFile('a section in raw deflate', 'something else', cause);
  }
  if (content.length !== declared)
    throw badFile(
      `${declared} bytes in a deflated section`,
      content.length < declared ? `${content.length}` : 'more',
    );
  return content;
}

function worthDeflating(payload: Uint8Array): Uint8Array | undefined {
  if (payload.length < MIN_DEFLATED_BYTES || payload.length > MAX_INFLATED_SECTION_BYTES) return undefined;
  const deflated = deflateSync(payload, { level: 6 });
  return deflated.length <= payload.length * MAX_KEPT_RATIO ? deflated : undefined;
}
