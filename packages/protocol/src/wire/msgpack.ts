// This entry is plain JavaScript everywhere: no native code reads what strangers send.
import { Packr, RESERVE_START_SPACE } from 'msgpackr/pack';

// No records, no extensions, no shared structures: MessagePack as its specification has it.
const codec = new Packr({ useRecords: false, mapsAsObjects: true, int64AsType: 'number' });

/** @param head what stands before the value, one byte; `null` for nothing */
export function pack(value: unknown, head: number | null = null): Uint8Array {
  const packed = head === null ? codec.pack(value) : codec.pack(value, RESERVE_START_SPACE + 1);
  if (head !== null) packed[0] = head;
  // Node's own subclass stays in here.
  return new Uint8Array(packed.buffer, packed.byteOffset, packed.length);
}

/** @param start where the value begins */
export function unpack(bytes: Uint8Array, start = 0): unknown {
  return codec.unpack(bytes, { start, end: bytes.length });
}
