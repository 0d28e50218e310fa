// WebAssembly core specification, 5.5 "Modules": a section is an id, its size as LEB128, and that many bytes.
const HEADER_BYTES = 8;
const MEMORY_SECTION = 5;
/** A memory grows by these. */
export const WASM_PAGE_BYTES = 65_536;
// `limits`: bit 0 tells that a maximum follows; the others (shared, 64 bits) no decoder of ours has.
const HAS_MAXIMUM = 1;

/**
 * The same module with a memory that cannot grow past `maxBytes`: the engine itself then refuses to grow it, whatever the
 * code asks for.
 *
 * @throws RangeError where it has no memory of its own, or one that begins above the maximum
 */
export function limitMemory(wasm: Uint8Array, maxBytes: number): Uint8Array<ArrayBuffer> {
  const most = Math.floor(maxBytes / WASM_PAGE_BYTES);
  for (let at = HEADER_BYTES; at < wasm.length; ) {
    const size = readLeb(wasm, at + 1);
    const end = size.next + size.value;
    if (wasm[at] === MEMORY_SECTION) {
      const least = limitsOf(wasm, size.next, most);
      const body = [1, HAS_MAXIMUM, ...leb(least), ...leb(most)];
      return joined([
        wasm.subarray(0, at),
        [MEMORY_SECTION, ...leb(body.length), ...body],
        wasm.subarray(end),
      ]);
    }
    at = end;
  }
  throw new RangeError('a module without a memory of its own cannot be limited');
}

function limitsOf(wasm: Uint8Array, at: number, most: number): number {
  const flags = wasm[at + 1] ?? -1;
  if (wasm[at] !== 1 || (flags & ~HAS_MAXIMUM) !== 0) {
    throw new RangeError('a module with another kind of memory cannot be limited');
  }
  const least = readLeb(wasm, at + 2).value;
  if (least > most) throw new RangeError(`a memory that begins with ${least} pages cannot end at ${most}`);
  return least;
}

function readLeb(bytes: Uint8Array, at: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let shift = 0, next = at; shift < 35; shift += 7, next += 1) {
    const byte = bytes[next];
    if (byte === undefined) break;
    value += (byte & 0x7f) * 2 ** shift;
    if ((byte & 0x80) === 0) return { value, next: next + 1 };
  }
  throw new RangeError('a module that ends within a number');
}

function leb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low + 128 : low);
  } while (rest > 0);
  return bytes;
}

function joined(parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
