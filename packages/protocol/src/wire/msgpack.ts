// This entry is plain JavaScript everywhere: no native code reads what strangers send.
import { Packr, RESERVE_START_SPACE } from 'msgpackr/pack';
import { ProtocolError } from '../protocol-error.ts';
import { scan } from './scan.ts';

// No records, no extensions, no shared structures: MessagePack as its specification has it.
const codec = new Packr({ useRecords: false, mapsAsObjects: true, int64AsType: 'number' });

/** @param head what stands before the value, one byte; `null` for nothing */
export function pack(value: unknown, head: number | null = null): Uint8Array {
  const packed = head === null ? codec.pack(value) : codec.pack(value, RESERVE_START_SPACE + 1);
  if (head !== null) packed[0] = head;
  // Node's own subclass stays in here.
  return new Uint8Array(packed.buffer, packed.byteOffset, packed.length);
}

/**
 * @param start where the value begins; it ends with the bytes
 * @param what is being done, as the start of a sentence
 * @throws ProtocolError `malformed`, `too-many`
 */
export function unpack(bytes: Uint8Array, start: number, what: string): unknown {
  const refusal = scan(bytes, start);
  if (refusal !== null) throw new ProtocolError(refusal.code, { what, ...refusal });
  return codec.unpack(bytes, { start, end: bytes.length });
}
