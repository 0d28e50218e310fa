import type { GltfAccessor, GltfDocument } from './document.ts';

/** What all accessors together may take once decoded; several may share one stretch of the file. */
export const MAX_DECODED_BYTES = 512 * 1024 * 1024;
/** Vertices drawn by the default scene; one mesh counts once for every node that shows it. */
export const MAX_DRAWN_VERTICES = 20_000_000;

const COMPONENT_BYTES: Readonly<Record<GltfAccessor['componentType'], number>> = {
  5120: 1,
  5121: 1,
  5122: 2,
  5123: 2,
  5125: 4,
  5126: 4,
};
const ELEMENT_COMPONENTS: Readonly<Record<GltfAccessor['type'], number>> = {
  SCALAR: 1,
  VEC2: 2,
  VEC3: 3,
  VEC4: 4,
  MAT2: 4,
  MAT3: 9,
  MAT4: 16,
};

/** A broken promise of the document, in words: what it should be, what it is. */
export type Complaint = { readonly expected: string; readonly got: string };

/** Holds buffers, views and accessors to the bytes that are really there. `null` where all is well. */
export function checkBudget(document: GltfDocument, binBytes: number): Complaint | null {
  const { buffers = [], bufferViews = [], accessors = [] } = document;
  for (const [at, { uri, byteLength }] of buffers.entries()) {
    if (uri !== undefined) continue;
    if (at !== 0) return { expected: 'data for every buffer', got: `buffer ${at} without any` };
    if (byteLength > binBytes) {
      return { expected: `${byteLength} bytes in the BIN chunk, as buffer 0 says`, got: `${binBytes}` };
    }
  }
  for (const [at, view] of bufferViews.entries()) {
    const room = buffers[view.buffer]?.byteLength ?? 0;
    if ((view.byteOffset ?? 0) + view.byteLength > room) {
      return {
        expected: `bufferView ${at} within the ${room} bytes of its buffer`,
        got: 'one that ends after',
      };
    }
  }
  let decoded = 0;
  for (const [at, accessor] of accessors.entries()) {
    const element = COMPONENT_BYTES[accessor.componentType] * ELEMENT_COMPONENTS[accessor.type];
    decoded += element * accessor.count;
    if (decoded > MAX_DECODED_BYTES) {
      return { expected: `at most ${MAX_DECODED_BYTES} bytes of decoded data`, got: 'more' };
    }
    if (accessor.bufferView === undefined) continue;
    const view = bufferViews[accessor.bufferView];
    const stride = view?.byteStride ?? element;
    const end = (accessor.byteOffset ?? 0) + stride * (accessor.count - 1) + element;
    if (view === undefined || end > view.byteLength) {
      return { expected: `accessor ${at} within its bufferView`, got: 'one that ends after' };
    }
  }
  return null;
}
