// glTF 2.0 specification, section 4.4 "GLB File Format Specification".
const MAGIC = 0x46546c67;
const VERSION = 2;
const HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
const JSON_CHUNK = 0x4e4f534a;
const BIN_CHUNK = 0x004e4942;
const SPACE = 0x20;

/** A GLB of a glTF document and its one buffer; an empty one is left out. */
export function writeContainer(json: unknown, bin: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(json));
  const chunks = [{ type: JSON_CHUNK, data: text, filler: SPACE }];
  if (bin.length > 0) chunks.push({ type: BIN_CHUNK, data: new Uint8Array(bin), filler: 0 });
  const total = chunks.reduce(
    (sum, { data }) => sum + CHUNK_HEADER_BYTES + padded(data.length),
    HEADER_BYTES,
  );
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  view.setUint32(8, total, true);
  let at = HEADER_BYTES;
  for (const { type, data, filler } of chunks) {
    const size = padded(data.length);
    view.setUint32(at, size, true);
    view.setUint32(at + 4, type, true);
    bytes.set(data, at + CHUNK_HEADER_BYTES);
    bytes.fill(filler, at + CHUNK_HEADER_BYTES + data.length, at + CHUNK_HEADER_BYTES + size);
    at += CHUNK_HEADER_BYTES + size;
  }
  return bytes;
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}
