import { describe, expect, test } from 'vitest';
import { limitMemory, WASM_PAGE_BYTES } from './limit-memory.ts';

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
// A module that exports its memory as "m", with these limits.
const moduleOf = (...limits: number[]) =>
  Uint8Array.from([...HEADER, 5, limits.length + 1, 1, ...limits, 7, 5, 1, 1, 0x6d, 2, 0]);

async function memoryOf(wasm: BufferSource): Promise<WebAssembly.Memory> {
  const { instance } = await WebAssembly.instantiate(wasm);
  const { m } = instance.exports;
  if (m instanceof WebAssembly.Memory) return m;
  throw new Error('no memory');
}

describe('the memory of a module', () => {
  test.each([
    ['without a maximum', moduleOf(0, 1)],
    ['with a larger one', moduleOf(1, 1, 0x80, 0x80, 2)],
  ])('[AS43] %s grows to the limit, and not one page further', async (_, wasm) => {
    await expect(memoryOf(wasm).then((memory) => memory.grow(300))).resolves.toBe(1);
    const memory = await memoryOf(limitMemory(wasm, 200 * WASM_PAGE_BYTES));
    expect(memory.grow(199)).toBe(1);
    expect(() => memory.grow(1)).toThrow(RangeError);
  });

  test('[AS43] is refused where it cannot be limited', () => {
    expect(() => limitMemory(Uint8Array.from(HEADER), WASM_PAGE_BYTES)).toThrow(/without a memory/);
    expect(() => limitMemory(moduleOf(0, 3), 2 * WASM_PAGE_BYTES)).toThrow(/begins with 3 pages/);
    expect(() => limitMemory(moduleOf(3, 1, 2), WASM_PAGE_BYTES)).toThrow(/another kind/);
    expect(() => limitMemory(Uint8Array.from([...HEADER, 5, 0x80]), WASM_PAGE_BYTES)).toThrow(/ends within/);
  });
});
